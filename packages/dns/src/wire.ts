import { AUTHENTIC_DATA, decode, type DecodedPacket, encode, RECURSION_DESIRED, TRUNCATED_RESPONSE } from 'dns-packet'
import { nameKey } from './name.ts'
import type { RecordType } from './types.ts'

export interface Question {
  readonly name: string
  readonly type: RecordType
}

/** Bytes of a UDP answer that pass every link without being cut up (RFC 9715 §3). */
const UDP_BYTES = 1232
const HEADER_BYTES = 12
const RESPONSE_FLAG = 0x8000

/** Response codes that we tell apart (RFC 1035 §4.1.1). */
export const RCODE = { noError: 0, formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5 } as const

export interface QueryForm {
  readonly id: number
  /** Whether the query offers EDNS (RFC 6891); old servers do not understand it. */
  readonly edns: boolean
  /** Whether the answer's AD bit is wanted (RFC 6840 §5.7). */
  readonly validating: boolean
}

/** Writes a query. */
export function writeQuery({ name, type }: Question, { id, edns, validating }: QueryForm): Buffer {
  return encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED | (validating ? AUTHENTIC_DATA : 0),
    questions: [{ name: name.replace(/\.$/, ''), type, class: 'IN' }],
    ...(edns ? { additionals: [OPT] } : {}),
  })
}

const OPT = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: UDP_BYTES,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
} as const satisfies NonNullable<Parameters<typeof encode>[0]['additionals']>[number] & { options: readonly [] }

/** A response: `foreign` is none to this query and may be forged, `malformed` is one that cannot be read. */
export type Response =
  | { readonly kind: 'foreign' }
  | { readonly kind: 'malformed' | 'truncated' }
  | { readonly kind: 'response'; readonly packet: DecodedPacket; readonly rcode: number }

/** Reads what came back, and checks that it answers this query (RFC 5452 §9.1; the socket checks the address and the port). */
export function readResponse(bytes: Buffer, question: Question, id: number): Response {
  if (bytes.length < HEADER_BYTES || bytes.readUInt16BE(0) !== id) return { kind: 'foreign' }
  const flags = bytes.readUInt16BE(2)
  if ((flags & RESPONSE_FLAG) === 0) return { kind: 'foreign' }
  const rcode = flags & 0xf
  const truncated = (flags & TRUNCATED_RESPONSE) !== 0
  const packet = tryDecode(bytes)
  // A server may cut a truncated answer anywhere.
  if (packet === null) return { kind: truncated ? 'truncated' : 'malformed' }
  if (!answers(packet, question, rcode)) return { kind: 'foreign' }
  return truncated ? { kind: 'truncated' } : { kind: 'response', packet, rcode }
}

function answers({ questions = [] }: DecodedPacket, question: Question, rcode: number): boolean {
  const [asked] = questions
  // A server that refuses or cannot read a query may leave its question out.
  if (asked === undefined) return rcode !== RCODE.noError && rcode !== RCODE.nxDomain
  return (
    questions.length === 1 &&
    asked.type === question.type &&
    asked.class === 'IN' &&
    nameKey(asked.name) === nameKey(question.name)
  )
}

function tryDecode(bytes: Buffer): DecodedPacket | null {
  try {
    const packet = decode(bytes)
    // The decoder passes over a record that says to be longer than the packet.
    return decode.bytes > bytes.length ? null : packet
  } catch {
    return null
  }
}
