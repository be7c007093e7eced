import { hashOf } from '../wire/canonical.ts'

/** The entity tag of a resource (RFC 9110 §8.8.3): the same for equal values only. */
export const etagOf = (data: unknown): string => `"${hashOf(data).slice(0, 27)}"`

const TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g

/**
 * Whether an `If-Match` or `If-None-Match` names a tag, or `*`.
 * @param weak take weak tags too, as `If-None-Match` does (RFC 9110 §13.1.2)
 */
export const namesTag = (header: string, etag: string, weak: boolean): boolean =>
  header.trim() === '*' ||
  [...header.matchAll(TAG)].some(([, isWeak, tag]) => tag === etag && (weak || isWeak === undefined))
