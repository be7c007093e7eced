import type { IncomingMessage } from 'node:http'
import { parseDomain } from '@mairust/mail-core/address'
import { readHost } from './hosts.ts'

/** The policy of a domain, or null. Rejects while that cannot be known. */
export type FindStsPolicy = (domain: string) => Promise<string | null>

/** RFC 8461 §3.3. */
const PATH = '/.well-known/mta-sts.txt'
const HOST = /^mta-sts\.([\w.-]+)(?::\d+)?$/

/** The domain whose MTA-STS policy a request is for; null for all other requests. */
export function stsDomainOf({ method, url, headersDistinct }: IncomingMessage): string | null {
  if (url !== PATH || (method !== 'GET' && method !== 'HEAD')) return null
  const [host, ...more] = headersDistinct['host'] ?? []
  const name = HOST.exec(readHost(host) ?? '')?.[1]
  const domain = name === undefined || more.length > 0 ? null : parseDomain(name)
  return domain?.ok === true ? domain.value : null
}

/** The answer with a domain's policy. A sender that gets none keeps the one that it has (RFC 8461 §5.1). */
export async function stsPolicyAnswer(domain: string, find: FindStsPolicy): Promise<Response> {
  const [status, body] = await find(domain).then(
    (policy) =>
      policy === null ? ([404, 'There is no policy for this domain.\n'] as const) : ([200, policy] as const),
    () => [503, 'The policy cannot be read now.\n'] as const,
  )
  return new Response(body, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}
