import { randomInt } from 'node:crypto'
import { createId, type Db } from '@mairust/db'
import { type DkimKeyRow, insertDkimKey, privateKeyPlace } from '@mairust/db/queries/dkim-key'
import type { TenantScope } from '@mairust/db/queries/scope'
import { DKIM_ALGORITHMS } from '@mairust/db/schema'
import { createSigningKey, type NewKey, type SigningAlgorithm } from '@mairust/mail-core/auth'
import type { Runtime } from '../../context.ts'
import { wireTime, wireTimeOrNull } from '../../wire/index.ts'
import type { DkimKeyWire } from './schemas.ts'

/** The one place where a key's row becomes its wire form. */
export const toDkimKeyWire =
  (domainName: string) =>
  (row: DkimKeyRow): DkimKeyWire => ({
    id: row.id,
    selector: row.selector,
    algorithm: row.algorithm,
    state: row.state,
    record_name: recordName(row.selector, domainName),
    record: row.record,
    created_at: wireTime(row.createdAt),
    activated_at: wireTimeOrNull(row.activatedAt),
    retired_at: wireTimeOrNull(row.retiredAt),
  })

/** What the audit log keeps of a domain's keys. */
export const toAuditForm = (name: string, keys: readonly DkimKeyRow[]) => ({
  name,
  keys: keys.map(({ selector, algorithm, state }) => ({ selector, algorithm, state })),
})

/** Where the record of a key is (RFC 6376 §3.6.2.1). */
export const recordName = (selector: string, domainName: string): string => `${selector}._domainkey.${domainName}`

/** Makes keys for a domain, by default one of each algorithm. Takes a moment: call it before the transaction that stores them. */
export const makeDkimKeys = (algorithms: readonly SigningAlgorithm[] = DKIM_ALGORITHMS): Promise<NewKey[]> =>
  Promise.all(algorithms.map(createSigningKey))

/** Of these algorithms, those of which no key waits for its record in DNS. */
export const withoutPending = (
  keys: readonly DkimKeyRow[],
  algorithms: readonly SigningAlgorithm[] = DKIM_ALGORITHMS,
): SigningAlgorithm[] =>
  algorithms.filter((name) => !keys.some(({ algorithm, state }) => algorithm === name && state === 'pending'))

/** Stores new keys of a domain. They sign when their records are in DNS. */
export const storeDkimKeys = async (
  tx: Db,
  { vault, now }: Pick<Runtime, 'vault' | 'now'>,
  scope: TenantScope,
  domainId: string,
  keys: readonly NewKey[],
): Promise<DkimKeyRow[]> => {
  const createdAt = now()
  const rows: DkimKeyRow[] = []
  for (const { algorithm, privateKey, record } of keys) {
    const id = createId('dkim')
    const row = {
      id,
      domainId,
      selector: newSelector(algorithm, createdAt),
      algorithm,
      privateKey: vault.seal(privateKeyPlace(scope.tenantId, id), privateKey),
      record,
      state: 'pending' as const,
      dueAt: createdAt,
      createdAt,
    }
    rows.push(await insertDkimKey(tx, scope, row))
  }
  return rows
}

const RANDOM = 'abcdefghijkmnpqrstuvwxyz23456789'

/** A selector that tells algorithm and day to whoever reads a zone, and that no other key has had. */
const newSelector = (algorithm: SigningAlgorithm, at: Date): string => {
  const day = at.toISOString().slice(2, 10).replaceAll('-', '')
  const tail = Array.from({ length: 4 }, () => RANDOM.charAt(randomInt(RANDOM.length))).join('')
  return `${algorithm.charAt(0)}${day}${tail}`
}
