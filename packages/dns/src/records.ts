import { isIPv4, isIPv6 } from 'node:net'
import type { Answer as Record } from 'dns-packet'
import type { RecordData, RecordType } from './types.ts'

/** What the record says, in our form; undefined when it is of another type or says nothing valid. */
export function readRecord<T extends RecordType>(record: Record, type: T): RecordData[T] | undefined {
  return READERS[type](record)
}

type Reader<T extends RecordType> = (record: Record) => RecordData[T] | undefined

const READERS: { readonly [T in RecordType]: Reader<T> } = {
  A: (record) => (record.type === 'A' && isIPv4(record.data) ? record.data : undefined),
  AAAA: (record) => (record.type === 'AAAA' && isIPv6(record.data) ? record.data : undefined),
  CNAME: (record) => (record.type === 'CNAME' ? record.data : undefined),
  NS: (record) => (record.type === 'NS' ? record.data : undefined),
  PTR: (record) => (record.type === 'PTR' ? record.data : undefined),
  MX: (record) =>
    record.type === 'MX' ? { preference: record.data.preference ?? 0, exchange: record.data.exchange } : undefined,
  TLSA: (record) => {
    if (record.type !== 'TLSA') return undefined
    const { usage, selector, matchingType, certificate } = record.data
    // A copy: the packet's memory is not kept for it.
    return { usage, selector, matchingType, certificate: Uint8Array.from(certificate) }
  },
  TXT: (record) => (record.type === 'TXT' ? [record.data].flat().map((piece) => piece.toString()) : undefined),
}
