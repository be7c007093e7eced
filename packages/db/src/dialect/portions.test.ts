import { expect, it } from 'vitest'
import { mailboxTopic } from '../changes/topics.ts'
import { makeMailbox, makeScope, withDatabases } from '../testing/index.ts'
import { lockMailboxes } from './message-rows.ts'

/** More than a statement has parameters for, on either database. */
const MANY = 70_000

withDatabases((get) => {
  it('more mailboxes than one statement has parameters for are locked, and their changes published', async () => {
    const { db, changes } = get()
    const scope = await makeScope(db)
    const made = [await makeMailbox(db, scope), await makeMailbox(db, scope)]
    const ids = [...Array.from({ length: MANY }, (_, at) => `mbx_${at}`), ...made.map(({ id }) => id)]
    const topics = ids.map((id) => mailboxTopic(scope.tenantId, id))
    let told = 0
    const stops = topics.slice(-2).map((topic) => changes.subscribe(topic, () => (told += 1)))
    const locked = await db.transaction(async (tx) => {
      await changes.publish(tx, ...topics)
      return lockMailboxes(
        tx,
        ids.map((mailboxId) => ({ tenantId: scope.tenantId, mailboxId })),
      )
    })
    expect(locked.map(({ id }) => id)).toEqual(made.map(({ id }) => id).sort())
    await expect.poll(() => told).toBe(2)
    for (const stop of stops) stop()
  })
})
