import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { checkServerIdentity } from 'node:tls'
import type { Resolver } from '@mairust/dns'
import {
  certificateResult,
  MAX_POLICY_BYTES,
  parseStsPolicy,
  type StsPolicy,
  type TlsRptResult,
} from '@mairust/mail-core/outbound'
import { isPublicAddress } from '@mairust/mail-core/ip'

/** A domain's policy, or why there is none; how that counts in TLS reports (RFC 8460 §4.3.2.2). */
export type StsFetched =
  | { readonly ok: true; readonly policy: StsPolicy }
  | { readonly ok: false; readonly failure: TlsRptResult; readonly detail: string }

export interface StsFetchOptions {
  readonly resolver: Resolver
  /** `outbound.allow_private_destinations`. */
  readonly allowPrivate: boolean
  /** Certificates to trust in place of those that come with Node.js; undefined: those. */
  readonly trust: string | undefined
  /** 443, but for tests. */
  readonly port: number
  /** For the whole of it: RFC 8461 §3.3 suggests a minute. */
  readonly timeoutMs: number
  /** For whom the look-ups are; by default, the domain. */
  readonly owner?: string
}

/** What a minute suffices for. */
export const STS_FETCH_MS = 60_000
const MAX_ADDRESSES = 4

/**
 * Fetches a domain's policy (RFC 8461 §3.3, O23): over HTTPS with a valid certificate, without redirects, at most 64 KiB. The domain
 * chooses the addresses, so they are checked as those of mail servers are. Never rejects.
 */
export async function fetchStsPolicy(domain: string, options: StsFetchOptions): Promise<StsFetched> {
  const { resolver, allowPrivate, timeoutMs, owner = domain } = options
  const host = `mta-sts.${domain}`
  const signal = AbortSignal.timeout(timeoutMs)
  const [a, aaaa] = await Promise.all([
    resolver.query(host, 'A', { signal, owner }),
    resolver.query(host, 'AAAA', { signal, owner }),
  ])
  const found = [a, aaaa].flatMap((answer) => (answer.kind === 'found' ? answer.records : []))
  const addresses = found.filter((address) => allowPrivate || isPublicAddress(address)).slice(0, MAX_ADDRESSES)
  let last = failed(
    'sts-policy-fetch-error',
    found.length === 0 ? `no address of ${host}` : `no public address of ${host}`,
  )
  for (const address of addresses) {
    try {
      const body = await get(address, host, options, signal)
      const parsed = parseStsPolicy(body)
      return parsed.ok ? parsed : failed('sts-policy-invalid', `the policy is not valid (${parsed.problem})`)
    } catch (error) {
      last = failed(failureOf(error), error instanceof Error ? error.message : String(error))
    }
  }
  return last
}

const failed = (failure: TlsRptResult, detail: string) => ({ ok: false as const, failure, detail })

/** Node.js names trouble with certificates as OpenSSL does; everything else is the network's. */
function failureOf(error: unknown): TlsRptResult {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const ofCertificate = certificateResult(code) !== 'validation-failure' || /CERT|CRL|VERIFY|CHAIN/.test(code)
  return ofCertificate ? 'sts-webpki-invalid' : 'sts-policy-fetch-error'
}

function get(address: string, host: string, options: StsFetchOptions, signal: AbortSignal): Promise<Buffer> {
  const { port, trust, allowPrivate } = options
  return new Promise((resolve, reject) => {
    const asked = request({
      // No second look-up: this is the address that was checked.
      host: address,
      port,
      servername: host,
      checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
      ...(trust === undefined ? {} : { ca: trust }),
      minVersion: 'TLSv1.2',
      path: '/.well-known/mta-sts.txt',
      headers: { host, 'user-agent': 'MaiRust', connection: 'close' },
      agent: false,
      signal,
    })
    asked.on('error', reject)
    asked.on('socket', (socket) => {
      socket.once('connect', () => {
        if (!allowPrivate && !isPublicAddress(socket.remoteAddress ?? ''))
          asked.destroy(new Error('not a public address'))
      })
    })
    asked.on('response', (response) => {
      bodyOf(response)
        .then(resolve, reject)
        .finally(() => asked.destroy())
    })
    asked.end()
  })
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  // RFC 8461 §3.3: redirects are not followed, and only 200 is success.
  if (response.statusCode !== 200) throw new Error(`the answer is ${response.statusCode ?? 0}`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MAX_POLICY_BYTES) throw new Error('the policy is too large')
  }
  return Buffer.concat(chunks)
}
