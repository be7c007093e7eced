import { hashOf } from '../wire/canonical.ts'

/** The entity tag of a resource (RFC 9110 §8.8.3): the same only for equal values. */
export const etagOf = (data: unknown): string => `"${hashOf(data).slice(0, 27)}"`

const TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g

/**
 * Whether an `If-Match` or `If-None-Match` field lists a tag, or is `*`.
 * @param weak accept weak tags too, as for `If-None-Match` (RFC 9110 §13.1.2)
 */
export const namesTag = (header: string, etag: string, weak: boolean): boolean =>
  header.trim() === '*' ||
  [...header.matchAll(TAG)].some(([, isWeak, tag]) => tag === etag && (weak || isWeak === undefined))
