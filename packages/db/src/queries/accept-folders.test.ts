import { tenantScope } from './scope.ts'
import { and, eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { insertRows } from '../dialect/index.ts'
import { createId } from '../id.ts'
import { makeMailbox, makeTenant, withDatabases } from '../testing/index.ts'
import { countInFolders } from './accept-folders.ts'

withDatabases((get) => {
  it('counts copies in more folders than one statement has parameters for', async () => {
    const { db } = get()
    const { folders } = db.tables
    const { id: mailboxId, tenantId } = await makeMailbox(db, tenantScope((await makeTenant(db)).id))
    const [inbox] = await db.select().from(folders).where(eq(folders.mailboxId, mailboxId)).limit(1)
    if (inbox === undefined) throw new Error('no folder')
    // Five parameters each; PostgreSQL takes 65,535 and SQLite 32,766.
    const many = Array.from({ length: 14_000 }, (_, at) => ({
      ...inbox,
      id: createId('fld'),
      role: null,
      name: `f${at}`,
      nameKey: `f${at}`,
    }))
    await db.transaction(async (tx) => {
      await insertRows(tx, folders, many)
      const copies = many.map(({ id: folderId }) => ({
        tenantId,
        mailboxId,
        folderId,
        messageId: createId('msg'),
        receivedAt: new Date(),
      }))
      const folderOf = await countInFolders(tx, copies)
      expect(copies.map((copy) => folderOf(copy).id)).toEqual(many.map(({ id }) => id))
    })
    expect(await db.$count(folders, and(eq(folders.mailboxId, mailboxId), eq(folders.total, 1)))).toBe(many.length)
  })
})
