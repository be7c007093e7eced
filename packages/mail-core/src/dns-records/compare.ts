import { matchRecord } from '../auth/keys.ts'
import { bareName } from './names.ts'
import { allowsServer, spfRecords } from './spf.ts'
import type { ExpectedRecord, FoundValues, RecordStatus, ServerFacts } from './types.ts'

/** What else decides: our server, and whether the domain's mail comes to it. */
export interface Comparing extends ServerFacts {
  readonly isMx: boolean
}

/** Whether DNS has a record that does what the expected one does. */
export function compareRecord(expected: ExpectedRecord, found: FoundValues, server: Comparing): RecordStatus {
  if (found.kind === 'trouble') return 'error'
  const values = relevant(expected, found.values)
  if (values.length === 0) return 'missing'
  return RULES[expected.purpose](values, expected, server) ? 'ok' : 'different'
}

/** The values at the name that are meant for the same purpose. */
function relevant({ purpose }: ExpectedRecord, values: readonly string[]): readonly string[] {
  if (purpose === 'spf') return spfRecords(values)
  const version = VERSIONS[purpose]
  return version === undefined ? values : values.filter((value) => version.test(value))
}

/** How records begin that share their name with others. */
const VERSIONS: Readonly<Partial<Record<ExpectedRecord['purpose'], RegExp>>> = {
  dmarc: /^v\s*=\s*DMARC1\s*(?:;|$)/,
  mta_sts: /^v=STSv1\s*(?:;|$)/,
  tls_rpt: /^v=TLSRPTv1\s*(?:;|$)/,
}

type Rule = (values: readonly string[], expected: ExpectedRecord, server: Comparing) => boolean

/** Of several records where one is allowed, none counts (RFC 7208 §4.5, RFC 6376 §3.6.2.2, RFC 9989 §4.10, RFC 8461 §3.1). */
const single =
  (isRight: (value: string, expected: ExpectedRecord, server: Comparing) => boolean): Rule =>
  ([value = '', ...more], expected, server) =>
    more.length === 0 && isRight(value, expected, server)

const isHost: Rule = (values, { value }) => values.some((one) => bareName(one) === bareName(value))

const RULES: Readonly<Record<ExpectedRecord['purpose'], Rule>> = {
  verification: (values, { value }) => values.includes(value),
  mx: (values, _, { hostname }) => values.some((one) => bareName(one.split(' ')[1] ?? '') === bareName(hostname)),
  spf: single((value, _, server) => allowsServer(value, server, server.isMx)),
  dkim: single((value, expected) => ['matches', 'testing'].includes(matchRecord(value, expected.value))),
  // Which policy it asks for is the owner's choice.
  dmarc: single((value) => /;\s*p\s*=\s*(?:none|quarantine|reject)\s*(?:;|$)/i.test(value)),
  mta_sts: single((value, expected) => idOf(value) === idOf(expected.value)),
  // An address of ours does as well as the alias.
  mta_sts_host: (values, expected, server) =>
    isHost(values, expected, server) || (values.length > 0 && values.every((one) => server.addresses.includes(one))),
  tls_rpt: single((value) => /;\s*rua\s*=\s*(?:mailto|https):/i.test(value)),
  ptr: isHost,
}

const idOf = (record: string): string | undefined => /;\s*id\s*=\s*([a-z\d]{1,32})\s*(?:;|$)/i.exec(record)?.[1]
