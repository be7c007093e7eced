import { z } from 'zod'
import { flag, text, textList } from './kit.ts'
import { notYet, reloadable } from './marks.ts'

const autoCert = z
  .strictObject({
    enabled: flag(false, 'Obtain and renew certificates by ACME.'),
    domains: textList('Names the certificate is for; empty: `server.hostname`.'),
    directory_url: text('', 'ACME directory; empty: Let’s Encrypt.'),
    email: text('', 'Contact address for the certificate authority.'),
  })
  .prefault({})

export const tls = z
  .strictObject({
    cert_path: reloadable(
      text('', 'Certificate chain (PEM); empty: a self-signed one is created in `server.data_dir`.'),
    ),
    key_path: reloadable(text('', 'Private key (PEM) of `tls.cert_path`.')),
    min_version: reloadable(z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('Lowest TLS version accepted.')),
    auto_cert: notYet(autoCert),
  })
  .refine((value) => (value.cert_path === '') === (value.key_path === ''), {
    error: 'tls.cert_path and tls.key_path belong together: set both or neither',
  })
