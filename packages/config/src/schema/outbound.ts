import { z } from 'zod'
import { count, flag, textList } from './kit.ts'

const perPeriod = (fallback: number, description: string) =>
  count(fallback, 0, 100_000_000, `${description}; 0 means no limit.`)

const route = z.strictObject({
  match: z
    .string()
    .min(1)
    .describe('Domain the route is for, in ASCII and without its subdomains; `*` is every domain.'),
  host: z.string().min(1).describe('Host that receives the mail.'),
  port: z.int().min(1).max(65_535).default(25).describe('Port of that host.'),
  tls: z
    .enum(['none', 'opportunistic', 'required'])
    .default('opportunistic')
    .describe('Whether the connection must be encrypted; the certificate is checked only before a login.'),
  username: z.string().default('').describe('Login name at that host; empty: no login.'),
  password: z.string().default('').describe('Password of the login.'),
  unverified_login: flag(false, "Send the password although the host's certificate does not prove its name."),
  after_attempts: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('Use the route after this many failed direct attempts; 0: immediately.'),
})

export const outbound = z.strictObject({
  rate_limits: z
    .strictObject({
      per_user: z
        .strictObject({
          hourly: perPeriod(200, 'Recipients on other servers per user and hour of UTC'),
          daily: perPeriod(1000, 'Recipients on other servers per user and day of UTC'),
        })
        .prefault({}),
      per_domain: z
        .strictObject({ hourly: perPeriod(5000, 'Recipients on other servers per sending domain and hour of UTC') })
        .prefault({}),
    })
    .prefault({}),
  return_paths: z
    .strictObject({
      signed: flag(
        true,
        'Send the mail of users with an envelope sender of its own for each message, in the domain of the user, so that bounces lead back to it. Without it, bounces are delivered to the user.',
      ),
      life_days: count(30, 7, 365, 'Days in which mail that comes back to such an address is accepted.'),
    })
    .prefault({}),
  feedback_addresses: textList(
    'Addresses in hosted domains to which other providers report complaints (ARF). Each needs no mailbox: what is no report goes to the postmaster.',
  ),
  suppression: z
    .strictObject({
      exempt_local_parts: textList(
        'Local parts that are sent to whatever the suppression list says, beside `postmaster` and `abuse`.',
      ),
      exempt_streams: textList(
        'Streams (`X-MaiRust-Stream` in the header of a message) that are sent whatever the suppression list says, such as `password-reset`.',
      ),
    })
    .prefault({}),
  allow_private_destinations: flag(false, 'Also deliver to loopback and private addresses.'),
  test_domain: z
    .string()
    .default('mairust.test')
    .describe(
      'Domain of recipients that force an outcome without any server: `bounce@` is refused for good, `defer@` for now, again and again, `complain@` and any other taken. Empty: none.',
    ),
  routes: z.array(route).default([]).describe('Relays by domain; the first match is used.'),
})
