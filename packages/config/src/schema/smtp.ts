import { z } from 'zod'
import { bindHost, count, flag, port } from './kit.ts'
import { networkList } from './network.ts'
import { reloadable } from './marks.ts'

const listener = (defaultPort: number, description: string) =>
  z
    .strictObject({
      enabled: flag(true, `Enable the listener for ${description}.`),
      host: bindHost('0.0.0.0'),
      port: port(defaultPort, `Port for ${description}; 0 lets the system choose.`),
    })
    .prefault({})

const limits = reloadable(
  z
    .strictObject({
      max_connections: count(2000, 0, 1_000_000, 'Concurrent connections to one listener; 0 means no limit.'),
      per_address: count(50, 0, 1_000_000, 'Concurrent connections from one address; 0 means no limit.'),
      new_per_minute_per_address: count(
        600,
        0,
        1_000_000,
        'New connections from one address per minute; 0 means no limit.',
      ),
      exempt: networkList(
        ['127.0.0.1/32', '::1/128'],
        'Networks exempt from the connection limits. Failed logins always count.',
      ),
    })
    .prefault({}),
)

export const smtp = z.strictObject({
  inbound: listener(2525, 'mail from other servers (25 in the image)'),
  submission: listener(2587, 'mail from users, STARTTLS (587 in the image)'),
  submissions: listener(2465, 'mail from users, implicit TLS (465 in the image)'),
  max_message_size_mb: reloadable(
    z.number().positive().max(1024).default(50).describe('Largest message accepted, in MiB.'),
  ),
  max_recipients: reloadable(count(100, 1, 10_000, 'Recipients accepted in one transaction.')),
  limits,
  trusted_proxies: reloadable(networkList([], 'Networks of load balancers that may use the PROXY protocol.')),
  trusted_xclient: reloadable(networkList([], 'Networks of front ends that may use XCLIENT.')),
})
