import { listDkimKeyRows, type DkimKeyRow } from '@mairust/db/queries/dkim-key'
import type { DomainRow } from '@mairust/db/queries/domain'
import {
  bareName,
  compareRecord,
  type Comparing,
  countSpfLookups,
  type ExpectedRecord,
  expectedRecords,
  type FoundValues,
  mergeSpf,
  type MergedSpf,
  mtaStsPolicy,
  type RecordStatus,
  spfRecords,
} from '@mairust/mail-core/dns-records'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { verificationRecord } from './proof.ts'
import type { Look } from './look.ts'

/** An expected record with what DNS has instead of it; null when DNS was not asked. */
export interface CheckedRecord extends ExpectedRecord {
  readonly status: RecordStatus | null
  readonly found: readonly string[]
  readonly note: string | null
}

/** The records of a domain, what decides about them, and its keys. */
export interface DomainView {
  readonly server: Comparing
  readonly keys: readonly DkimKeyRow[]
  readonly records: readonly CheckedRecord[]
}

const NOTHING: FoundValues = { kind: 'values', values: [] }
const SPF_UNKNOWN = 'The present SPF record could not be looked up: add this one only if there is none.'

/** What DNS has that other records depend on. */
interface Surroundings {
  readonly server: Comparing
  readonly spf: MergedSpf
  /** Hosts and addresses of `mta-sts.<domain>`. */
  readonly stsHost: FoundValues
}

/** The records that a domain needs. With `look`, each is compared with what DNS has. */
export const viewDomain = async (ctx: ServiceContext, domain: DomainRow, look: Look | null): Promise<DomainView> => {
  const keys = await listDkimKeyRows(ctx.db, scopeOf(ctx), domain.id)
  const { hostname } = ctx.config.server
  const { server, spf, stsHost } = await surroundingsOf(domain.name, hostname, look)
  const { name, value } = verificationRecord(domain)
  const expected = expectedRecords({
    ...server,
    verification: { name, value, isOpen: domain.status === 'pending' },
    spf: spf.value,
    keys: keys.map(({ selector, record, state }) => ({ selector, record, isSigning: state === 'active' })),
    policy: mtaStsPolicy(domain.mtaSts ?? ctx.config.mta_sts.mode, hostname),
  })
  const records = expected.map(async (record): Promise<CheckedRecord> => {
    const note = record.purpose === 'spf' ? spf.note : noteOf(record, keys)
    if (look === null) return { ...record, status: null, found: [], note }
    const found = record.type === 'CNAME' ? stsHost : await look.values(record.name, record.type)
    const values = found.kind === 'values' ? found.values : []
    return { ...record, status: compareRecord(record, found, server), found: values, note }
  })
  return { server, keys, records: await Promise.all(records) }
}

const surroundingsOf = async (domain: string, hostname: string, look: Look | null): Promise<Surroundings> => {
  if (look === null) {
    const server = { domain, hostname, addresses: [], isMx: true }
    return { server, spf: mergeSpf([], server, true, 0), stsHost: NOTHING }
  }
  const [host, mx, txt, sts] = await Promise.all([
    look.host(hostname),
    look.values(domain, 'MX'),
    look.values(domain, 'TXT'),
    look.host(`mta-sts.${domain}`),
  ])
  const isMx = mx.kind === 'values' && mx.values.some((one) => bareName(one.split(' ')[1] ?? '') === bareName(hostname))
  const addresses = host.kind === 'values' ? host.values : []
  const server = { domain, hostname, addresses, isMx }
  const spf = await spfOf(look, txt, server)
  return { server, spf, stsHost: sts.alias === null ? sts : withAlias(sts, sts.alias, hostname) }
}

/** An alias of our server's name shows that name; of any other, only where it leads matters. */
const withAlias = (found: FoundValues, alias: string, hostname: string): FoundValues =>
  bareName(alias) === bareName(hostname) ? { kind: 'values', values: [`${alias}.`] } : found

const spfOf = async (look: Look, txt: FoundValues, server: Comparing): Promise<MergedSpf> => {
  if (txt.kind === 'trouble') return { ...mergeSpf([], server, server.isMx, 0), note: SPF_UNKNOWN }
  const [record] = spfRecords(txt.values)
  const lookups = record === undefined ? 0 : await countSpfLookups(record, (name) => spfAt(look, name))
  return mergeSpf(txt.values, server, server.isMx, lookups)
}

const spfAt = async (look: Look, name: string): Promise<string | null> => {
  const found = await look.values(name, 'TXT')
  return found.kind === 'values' ? (spfRecords(found.values)[0] ?? null) : null
}

const noteOf = (record: ExpectedRecord, keys: readonly DkimKeyRow[]): string | null => {
  const key = keys.find(({ selector }) => record.purpose === 'dkim' && record.name.startsWith(`${selector}.`))
  if (key?.state === 'pending') return 'The key signs when this record is in DNS.'
  if (key?.state === 'retired') return 'The key no longer signs. Its record may be removed when it is no longer listed.'
  return null
}
