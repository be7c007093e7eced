import { z } from 'zod'
import { flag, textList } from './kit.ts'

export const auth = z.strictObject({
  dmarc: z
    .strictObject({
      enforce: flag(
        true,
        'Apply the DMARC policy of the author’s domain: refuse, or file in Junk, mail that it does not stand behind. While its policy cannot be looked up, mail gets 451; with empty `dns.servers` not that of clients in `smtp.limits.exempt`.',
      ),
    })
    .prefault({}),
  trusted_arc_sealers: textList('Domains whose ARC seals may override a DMARC failure.'),
})
