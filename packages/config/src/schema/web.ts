import { z } from 'zod'
import { bindHost, count, port } from './kit.ts'
import { networkList } from './network.ts'
import { reloadable } from './marks.ts'

const perMinute = (fallback: number, description: string) =>
  count(fallback, 0, 10_000_000, `${description}; 0 means no limit.`)

export const web = z.strictObject({
  host: bindHost('0.0.0.0'),
  port: port(8080, 'Port of the web application and the API; 0 lets the system choose.'),
  trusted_proxies: networkList([], 'Networks of reverse proxies whose X-Forwarded-For is trusted.'),
  limits: reloadable(
    z
      .strictObject({
        connections: count(
          4096,
          0,
          1_000_000,
          'Open connections to the web port; with as many, a new one takes the place of another. 0 means no limit.',
        ),
        per_address: count(
          256,
          0,
          1_000_000,
          'Open connections to the web port from one address, not counting trusted proxies; with as many, a new one takes the place of an idle one. 0 means no limit.',
        ),
      })
      .prefault({}),
  ),
  rate_limits: reloadable(
    z
      .strictObject({
        per_key_per_minute: perMinute(6000, 'Requests per API key and minute'),
        per_session_writes_per_minute: perMinute(600, 'Changes per browser session and minute'),
        per_session_reads_per_minute: perMinute(6000, 'Pages and reads per browser session and minute'),
        login_per_address_per_minute: perMinute(
          60,
          'Login attempts per address and minute, over SMTP only failed ones',
        ),
        anonymous_per_address_per_minute: perMinute(600, 'Requests without a login per address and minute'),
      })
      .prefault({}),
  ),
})
