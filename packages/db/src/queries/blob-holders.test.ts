import { tenantScope } from './scope.ts'
import { getTableColumns, getTableName } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { makeMailbox, makeMessage, makeTenant, withDatabases } from '../testing/index.ts'
import { blobHolders, unreferencedBlobs } from './blob-holders.ts'

withDatabases((get) => {
  it('knows every column that holds a blob key', () => {
    const { tables } = get().db
    const named = Object.values(tables).flatMap((table) =>
      Object.entries(getTableColumns(table))
        .filter(([key]) => /blob/i.test(key))
        .map(([key]) => `${getTableName(table)}.${key}`),
    )
    const registered = blobHolders(tables).map(({ table, name }) => {
      const columns = Object.entries(getTableColumns(table))
      return `${getTableName(table)}.${columns.find(([, column]) => column.name === name)?.[0] ?? ''}`
    })
    expect(registered.sort()).toEqual(named.sort())
    expect(named).toContain('messages.blobKey')
  })

  it('finds the blobs that no row references', async () => {
    const { db } = get()
    const box = await makeMailbox(db, tenantScope((await makeTenant(db)).id))
    await makeMessage(get(), box, { blobKey: 'held' })
    expect(await unreferencedBlobs(db, ['gone', 'held', 'gone', 'lost'])).toEqual(['gone', 'lost'])
    expect(await unreferencedBlobs(db, [])).toEqual([])
  })
})
