import { tenantScope } from '@mairust/db/queries/scope'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { batchMessages, listMessages, moveMessage, removeMessage } from '../message/index.ts'
import { createFolder, listFolders, removeFolder, updateFolder } from './index.ts'

withDatabases((get) => {
  let world: MailWorld
  let id: string
  beforeEach(async () => {
    world = await makeMailWorld(get())
    id = world.mailbox.id
  })

  const create = (name: string) => createFolder(world.ctx, { id, name })
  const folderOf = async (role: string) =>
    (await listFolders(world.ctx, { id })).data.find((folder) => folder.role === role)?.id ?? ''

  it('lists the folders that every mailbox has, then those that users created, with their counts', async () => {
    await world.deliver('Subject: x\n\nx\n')
    await create('請求書')
    const { data } = await listFolders(world.ctx, { id })
    expect(data.map(({ role, name }) => role ?? name)).toEqual([
      'inbox',
      'sent',
      'drafts',
      'archive',
      'junk',
      'trash',
      'quarantine',
      '請求書',
    ])
    expect(data[0]).toMatchObject({ total: 1, unseen: 1 })
  })

  it('lists them page by page', async () => {
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await listFolders(world.ctx, { id, limit: 3, cursor })
      expect(page.data.length).toBeLessThanOrEqual(3)
      names.push(...page.data.map(({ name }) => name))
      cursor = page.pagination.cursor ?? undefined
    } while (cursor !== undefined)
    expect(names).toEqual(['Inbox', 'Sent', 'Drafts', 'Archive', 'Junk', 'Trash', 'Quarantine'])
  })

  describe('a folder', () => {
    it('has a unique name, and not a reserved one', async () => {
      await create('Bills')
      await expect(create('Bills')).rejects.toMatchObject({ code: 'CONFLICT' })
      for (const name of ['inbox', 'Trash', 'anywhere', 'fld_x']) {
        await expect(create(name)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
      }
    })

    it('is found by its name in any case and width, by its owner and by administrators', async () => {
      const folder = await create('Été')
      for (const name of ['été', 'ÉTÉ', 'E\u0301te\u0301']) {
        await expect(create(name)).rejects.toMatchObject({ code: 'CONFLICT' })
      }
      await expect(create('ｉｎｂｏｘ')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
      const message = await world.deliver('Subject: x\n\nx\n')
      await moveMessage(world.ctx, { id: message, folder: 'ÉTÉ' })
      const admin = await world.as('tenant_admin')
      for (const ctx of [world.ctx, admin]) {
        for (const mailbox of [undefined, id]) {
          for (const input of [{ folder: 'été' }, { q: 'in:ÉTÉ' }, { folder: folder.id }]) {
            expect((await listMessages(ctx, { ...input, mailbox })).data).toMatchObject([{ id: message }])
          }
        }
      }
      expect((await listMessages(admin, { q: '-in:été' })).data).toEqual([])
    })

    it('can be renamed', async () => {
      const folder = await create('Bills')
      const input = { id, folder_id: folder.id, name: 'Paid' }
      expect(await updateFolder(world.ctx, input)).toMatchObject({ id: folder.id, name: 'Paid' })
      await create('Bills')
      const taken = updateFolder(world.ctx, { ...input, name: 'Bills' })
      await expect(taken).rejects.toMatchObject({ code: 'CONFLICT' })
    })

    it('leaves its old and new name in the audit log', async () => {
      const folder = await create('Bills')
      const input = { id, folder_id: folder.id }
      await updateFolder(world.ctx, { ...input, name: 'Paid' })
      await updateFolder(world.ctx, { ...input, name: 'Paid' })
      await removeFolder(world.ctx, input)
      const entries = await listAuditEntries(
        get().db,
        tenantScope(world.mailbox.tenantId),
        { targetId: folder.id },
        { limit: 9 },
      )
      expect(entries.map(({ action, before, after }) => [action, before?.['name'], after?.['name']])).toEqual(
        expect.arrayContaining([
          ['folder.create', undefined, 'Bills'],
          ['folder.update', 'Bills', 'Paid'],
          ['folder.delete', 'Paid', undefined],
        ]),
      )
      expect(entries).toHaveLength(3)
    })

    it('that every mailbox needs cannot be renamed or removed', async () => {
      const input = { id, folder_id: await folderOf('archive') }
      const attempts = [() => updateFolder(world.ctx, { ...input, name: 'X' }), () => removeFolder(world.ctx, input)]
      for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'CONFLICT' })
    })

    it('moves its messages to Trash when it is removed', async () => {
      const folder = await create('Bills')
      const ids = await Promise.all([1, 2].map(() => world.deliver('Subject: x\n\nx\n')))
      await batchMessages(world.ctx, { ids, action: 'move', folder: 'Bills' })
      // In Trash already, and from this folder.
      const [gone = ''] = ids
      await removeMessage(world.ctx, { id: gone })
      await removeFolder(world.ctx, { id, folder_id: folder.id })
      expect((await listMessages(world.ctx, { folder: 'trash' })).data).toHaveLength(2)
      expect((await listFolders(world.ctx, { id })).data).toHaveLength(7)
      expect(
        await listAuditEntries(
          get().db,
          tenantScope(world.mailbox.tenantId),
          { action: 'folder.delete' },
          { limit: 9 },
        ),
      ).toHaveLength(1)
    })

    it('is inaccessible to others', async () => {
      const folder = await create('Bills')
      const message = await world.deliver('Subject: x\n\nx\n')
      const foreign = await makeMailWorld(get())
      const input = { id, folder_id: folder.id }
      for (const ctx of [await world.as('user'), foreign.ctx, await foreign.as('super_admin')]) {
        const attempts = [
          () => listFolders(ctx, { id }),
          () => createFolder(ctx, { id, name: 'Mine' }),
          () => updateFolder(ctx, { ...input, name: 'Mine' }),
          () => removeFolder(ctx, input),
          () => moveMessage(ctx, { id: message, folder: folder.id }),
        ]
        for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND' })
      }
      // The folder is looked up in the given mailbox, not in all that the actor sees.
      const elsewhere = removeFolder(foreign.ctx, { ...input, id: foreign.mailbox.id })
      await expect(elsewhere).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })
  })
})
