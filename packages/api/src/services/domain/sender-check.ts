import { openLookups } from '@mairust/dns'
import { checkSpf } from '@mairust/mail-core/auth'
import { checkSender, type Comparing, overallVerdict, type SenderFacts } from '@mairust/mail-core/dns-records'
import { verb } from '../../verb/index.ts'
import { requireDomain } from './internal.ts'
import { type Look, openLook } from './look.ts'
import { domainIdInput, senderCheckSchema } from './schemas.ts'
import { viewDomain } from './view.ts'

/** RFC 9989 §4.10: names that a search for a policy asks for at most. */
const MAX_STEPS = 8
const SPF_MS = 6000

/**
 * Checks a domain against what the big providers demand of those who send to them.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const checkSenderRules = verb({
  permission: 'domain:read',
  input: domainIdInput,
  output: senderCheckSchema,
  run: async (ctx, { id }) => {
    const domain = await requireDomain(ctx.db, ctx, 'domain:read', id)
    const look = openLook(ctx.openResolver())
    const { server, keys, records } = await viewDomain(ctx, domain, look)
    const [spf, dmarc] = await Promise.all([
      Promise.all(server.addresses.map((address) => spfOf(look, server, address, ctx.now()))),
      dmarcOf(look, domain.name),
    ])
    const statusOf = (name: string) => records.find((record) => record.name === name)?.status ?? null
    const checks = checkSender({
      domain: domain.name,
      spf,
      keys: keys
        .filter(({ state }) => state === 'active')
        .map(({ record, algorithm, selector }) => ({
          record,
          algorithm,
          status: statusOf(`${selector}._domainkey.${domain.name}`),
        })),
      dmarc,
      ptr: records
        .filter(({ purpose }) => purpose === 'ptr')
        .map(({ status }, at) => ({ address: server.addresses[at] ?? '', status })),
      hasCertificate: ctx.config.tls.cert_path !== '',
    })
    return { domain: domain.name, verdict: overallVerdict(checks), checks: [...checks] }
  },
})

/** What a receiver's SPF check says of mail from one of the server's addresses. */
const spfOf = async (look: Look, { domain, hostname }: Comparing, address: string, now: Date) => {
  const lookups = openLookups(look.resolver, SPF_MS)
  try {
    const session = { ip: address, helo: hostname, reversePath: `postmaster@${domain}` }
    const { result } = await checkSpf({ session, hostname, lookups, now, trustedSealers: [] })
    return { address, result }
  } finally {
    lookups.close()
  }
}

/** The DMARC record that counts for a domain: its own, or that of the nearest name above (RFC 9989 §4.10). */
const dmarcOf = async (look: Look, domain: string): Promise<SenderFacts['dmarc']> => {
  const labels = domain.split('.')
  const first = Math.max(0, labels.length - MAX_STEPS)
  const names = [labels, ...labels.slice(first + 1).map((_, at) => labels.slice(first + 1 + at))]
  for (const name of names) {
    const found = await look.values(`_dmarc.${name.join('.')}`, 'TXT')
    if (found.kind === 'trouble') return { kind: 'trouble' }
    const [record, ...more] = found.values.filter((value) => /^v\s*=\s*DMARC1\s*(?:;|$)/.test(value))
    if (record !== undefined && more.length === 0) return { kind: 'record', record }
  }
  return { kind: 'none' }
}
