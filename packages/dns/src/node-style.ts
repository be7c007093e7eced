import { isDnsName } from './name.ts'
import type { Answer, QueryOptions, RecordType, Resolver, TemporaryCause } from './types.ts'

/** Records as Node's `dns.resolve` gives them. */
export interface NodeRecords {
  readonly A: string[]
  readonly AAAA: string[]
  readonly CNAME: string[]
  readonly MX: { priority: number; exchange: string }[]
  readonly PTR: string[]
  readonly TXT: string[][]
}
export type NodeRecordType = keyof NodeRecords

/** The function that libraries take for Node's `dns.resolve`. Rejects with a `LookupError`. */
export type NodeLookup = (name: string, type: string) => Promise<NodeRecords[NodeRecordType]>

/** Node's codes. Only the first three say something about the name. */
export type LookupCode = 'ENOTFOUND' | 'ENODATA' | 'EBADNAME' | 'ESERVFAIL' | 'EREFUSED' | 'ETIMEOUT' | 'EBADRESP'

/** Why a look-up failed, with Node's code. */
export class LookupError extends Error {
  override readonly name = 'LookupError'
  readonly code: LookupCode

  constructor(code: LookupCode, question: string, why: string) {
    super(`${code} ${question}: ${why}`)
    this.code = code
  }
}

const CODES: Readonly<Record<TemporaryCause, LookupCode>> = {
  timeout: 'ETIMEOUT',
  cancelled: 'ETIMEOUT',
  servfail: 'ESERVFAIL',
  chain_too_long: 'ESERVFAIL',
  overloaded: 'ESERVFAIL',
  refused: 'EREFUSED',
  network: 'EREFUSED',
  malformed: 'EBADRESP',
}

const TO_NODE: {
  readonly [T in NodeRecordType]: (resolver: Resolver, name: string, options?: QueryOptions) => Promise<NodeRecords[T]>
} = {
  A: async (resolver, name, options) => [...(await records(resolver, name, 'A', options))],
  AAAA: async (resolver, name, options) => [...(await records(resolver, name, 'AAAA', options))],
  CNAME: async (resolver, name, options) => [...(await records(resolver, name, 'CNAME', options))],
  MX: async (resolver, name, options) =>
    (await records(resolver, name, 'MX', options)).map(({ preference, exchange }) => ({
      priority: preference,
      exchange,
    })),
  PTR: async (resolver, name, options) => [...(await records(resolver, name, 'PTR', options))],
  TXT: async (resolver, name, options) => (await records(resolver, name, 'TXT', options)).map((pieces) => [...pieces]),
}

/** Looks up as Node does. Each caller gets records of its own, as some sort or change them. */
export async function lookUp(
  resolver: Resolver,
  name: string,
  type: string,
  options?: QueryOptions,
): Promise<NodeRecords[NodeRecordType]> {
  const question = `${type} ${name}`
  if (!isNodeType(type)) throw new LookupError('EBADRESP', question, 'we do not ask for this type')
  if (!isDnsName(name)) throw new LookupError('EBADNAME', question, 'DNS cannot hold this name')
  return TO_NODE[type](resolver, name, options)
}

const isNodeType = (type: string): type is NodeRecordType => Object.hasOwn(TO_NODE, type)

async function records<T extends RecordType>(resolver: Resolver, name: string, type: T, options?: QueryOptions) {
  const answer: Answer<T> = await resolver.query(name, type, options)
  const question = `${type} ${name}`
  switch (answer.kind) {
    case 'found':
      return answer.records
    case 'no_such_name':
      throw new LookupError('ENOTFOUND', question, 'there is no such name')
    case 'no_data':
      throw new LookupError('ENODATA', question, 'the name has no such record')
    case 'temporary':
      throw new LookupError(CODES[answer.cause], question, `no answer for now (${answer.cause})`)
  }
}
