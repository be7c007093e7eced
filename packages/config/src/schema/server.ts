import { z } from 'zod'
import { httpUrl } from './kit.ts'

export const server = z.strictObject({
  hostname: z
    .hostname({ error: 'must be a host name such as mail.example.com' })
    .default('mail.example.com')
    .describe('Name of this server in SMTP greetings, Received headers and its certificate.'),
  data_dir: z
    .string()
    .min(1)
    .refine((path) => !path.startsWith('~'), { error: 'must be a whole path: only a shell knows what ~ is' })
    .default('./data')
    .describe('Folder for database, mail, keys and generated certificates.'),
  public_url: httpUrl(
    'http://localhost:8080',
    'Address of the web application as browsers see it. When it is not set, it follows `web.port`.',
  ),
})
