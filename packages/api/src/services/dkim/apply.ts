import type { Db } from '@mairust/db'
import { deleteDkimKey, type DkimKeyRow, listDkimKeyRows, updateDkimKey } from '@mairust/db/queries/dkim-key'
import type { TenantScope } from '@mairust/db/queries/scope'
import { keySteps, type KeySighting, type KeyStep } from '@mairust/mail-core/auth'
import type { Runtime } from '../../context.ts'

/** The keys of a domain before and after what was done with them. */
export interface AppliedSteps {
  readonly before: readonly DkimKeyRow[]
  readonly after: readonly DkimKeyRow[]
  /** Whether a key has another state, or is gone. */
  readonly isChanged: boolean
}

/**
 * Does with the keys of a domain what is due by now. The caller holds the domain's lock.
 * @param sightings what DNS says of pending keys; those without stay as they are
 */
export const applyKeySteps = async (
  tx: Db,
  { vault, now }: Pick<Runtime, 'vault' | 'now'>,
  scope: TenantScope,
  domainId: string,
  sightings: ReadonlyMap<string, KeySighting>,
): Promise<AppliedSteps> => {
  const at = now()
  const before = await listDkimKeyRows(tx, scope, domainId)
  const facts = before.map((row) => ({ ...row, isReadable: vault.isOurs(row.privateKey) }))
  const steps = keySteps(facts, sightings, at)
  for (const step of steps) await applyStep(tx, scope, step, at)
  if (steps.length === 0) return { before, after: before, isChanged: false }
  const after = await listDkimKeyRows(tx, scope, domainId)
  return { before, after, isChanged: steps.some(({ kind }) => kind !== 'wait') }
}

const applyStep = async (tx: Db, scope: TenantScope, step: KeyStep, at: Date): Promise<void> => {
  switch (step.kind) {
    case 'activate':
      await updateDkimKey(tx, scope, step.id, { state: 'active', activatedAt: at, dueAt: null, updatedAt: at })
      return
    case 'retire':
      await updateDkimKey(tx, scope, step.id, { state: 'retired', retiredAt: at, dueAt: step.dueAt, updatedAt: at })
      return
    case 'wait':
      await updateDkimKey(tx, scope, step.id, { dueAt: step.dueAt })
      return
    case 'remove':
      await deleteDkimKey(tx, scope, step.id)
  }
}
