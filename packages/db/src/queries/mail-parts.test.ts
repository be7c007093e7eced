import { type MailboxScope, tenantScope } from './scope.ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { createId } from '../id.ts'
import { makeMailbox, makeMessage, makeTenant, withDatabases } from '../testing/index.ts'
import { listFolders } from './folder.ts'
import { deleteFolder, foldersById, insertFolder, messageIdsInFolder, updateFolderRow } from './folder-edit.ts'
import type { MailboxRow } from './mailbox.ts'
import { findMailboxId, mailboxAddresses } from './mailbox-address.ts'
import { findMessage } from './message.ts'
import { lockMailbox } from './message-change.ts'
import { removeMessages } from './message-removal.ts'
import {
  addMessageTags,
  deleteTag,
  ensureTagRows,
  findTag,
  findTagsByName,
  listTags,
  removeMessageTags,
  tagsOfMessages,
} from './tag.ts'
import { findThread, messagesOfThread } from './thread.ts'

const NOW = new Date('2026-11-23T12:00:00Z')

withDatabases((get) => {
  let box: MailboxRow
  let foreign: MailboxScope
  let id: string
  const scope = () => ({ ...tenantScope(box.tenantId), mailboxIds: 'all' as const })

  beforeAll(async () => {
    const { db } = get()
    box = await makeMailbox(db, tenantScope((await makeTenant(db)).id))
    foreign = { ...tenantScope((await makeTenant(db)).id), mailboxIds: 'all' }
    id = (await makeMessage(get(), box)).id
  })

  it('tags belong to their owner, are created once, and added to messages in pairs', async () => {
    const { db } = get()
    const owner = { ...scope(), ownerId: box.id }
    const rows = ['Work', 'home'].map((name) => ({ id: createId('tag'), name, color: '#000000', createdAt: NOW }))
    const again = { ...rows[0], id: createId('tag'), name: 'WORK', color: '#ffffff', createdAt: NOW }
    const ensured = await db.transaction((tx) => ensureTagRows(tx, owner, [...rows, again]))
    expect(ensured.map((tag) => tag.id).sort()).toEqual(rows.map((row) => row.id).sort())
    expect(await db.transaction((tx) => ensureTagRows(tx, owner, [again]))).toMatchObject([rows[0]])
    expect((await listTags(db, owner, { limit: 9 })).map(({ name }) => name)).toEqual(['home', 'Work'])
    expect(await listTags(db, owner, { limit: 9, after: 'home' })).toMatchObject([{ name: 'Work' }])
    expect(await findTagsByName(db, owner, ['work', 'nothing'])).toMatchObject([{ color: '#000000' }])
    const tagIds = rows.map((row) => row.id)
    await db.transaction(async (tx) => {
      await addMessageTags(tx, scope(), [id], tagIds)
      await addMessageTags(tx, scope(), [id], tagIds)
    })
    expect(await tagsOfMessages(db, scope(), [id])).toEqual(new Map([[id, ['home', 'Work']]]))
    await db.transaction((tx) => removeMessageTags(tx, scope(), [id], tagIds.slice(0, 1)))
    expect(await tagsOfMessages(db, scope(), [id])).toEqual(new Map([[id, ['home']]]))
    const [tagId = ''] = tagIds
    expect(await findTag(db, foreign, tagId)).toBeNull()
    expect(await deleteTag(db, foreign, tagId)).toBe(false)
    for (const other of [
      { ...owner, ...foreign },
      { ...owner, ownerId: 'usr_2' },
    ]) {
      expect(await listTags(db, other, { limit: 9 })).toEqual([])
    }
    expect(await deleteTag(db, scope(), tagId)).toBe(true)
    await db.transaction((tx) => removeMessageTags(tx, scope(), [id], 'all'))
    expect(await tagsOfMessages(db, scope(), [id])).toEqual(new Map())
  })

  it('folders are created, renamed and removed within a tenant', async () => {
    const { db } = get()
    const made = { id: createId('fld'), mailboxId: box.id, name: 'Bills', createdAt: NOW }
    await db.transaction((tx) => insertFolder(tx, scope(), made))
    await db.transaction(async (tx) => {
      await lockMailbox(tx, scope(), box.id)
      await updateFolderRow(tx, foreign, made.id, { name: 'Stolen' })
      await deleteFolder(tx, foreign, made.id)
    })
    expect((await foldersById(db, scope(), [made.id, made.id])).get(made.id)?.name).toBe('Bills')
    expect(await foldersById(db, foreign, [made.id])).toEqual(new Map())
    await db.transaction((tx) => updateFolderRow(tx, scope(), made.id, { name: 'Paid' }))
    expect((await foldersById(db, scope(), [made.id])).get(made.id)?.name).toBe('Paid')
    await db.transaction((tx) => deleteFolder(tx, scope(), made.id))
    expect(await foldersById(db, scope(), [made.id])).toEqual(new Map())
    const inbox = (await listFolders(db, scope(), box.id)).find(({ role }) => role === 'inbox')?.id ?? ''
    expect(await messageIdsInFolder(db, scope(), inbox, 9)).toEqual([id])
    expect(await messageIdsInFolder(db, foreign, inbox, 9)).toEqual([])
  })

  it('mailboxes are found by id and address within the caller’s scope', async () => {
    const { db } = get()
    expect(await mailboxAddresses(db, scope())).toEqual(new Map([[box.address, new Date(0)]]))
    expect(await mailboxAddresses(db, { ...scope(), mailboxIds: [] })).toEqual(new Map())
    for (const wanted of [{ id: box.id }, { address: box.address }]) {
      expect(await findMailboxId(db, scope(), wanted)).toBe(box.id)
      expect(await findMailboxId(db, { ...scope(), mailboxIds: ['mbx_other'] }, wanted)).toBeNull()
      expect(await findMailboxId(db, foreign, wanted)).toBeNull()
    }
  })

  describe('a thread', () => {
    it('counts its remaining messages, and is removed with the last one', async () => {
      const { db } = get()
      const index = { messageId: 'first@x', references: [] }
      const first = await makeMessage(get(), box, { index, copy: { receivedAt: new Date('2026-11-01T00:00:00Z') } })
      const reply = { messageId: 'second@x', inReplyTo: ['first@x'] }
      const second = await makeMessage(get(), box, { index: reply, copy: { receivedAt: NOW } })
      const threadId = (await findMessage(db, scope(), first.id))?.threadId ?? ''
      expect(await findThread(db, scope(), threadId)).toMatchObject({ messageCount: 2, lastMessageAt: NOW })
      expect(await findThread(db, foreign, threadId)).toBeNull()
      expect(await messagesOfThread(db, foreign, threadId, 9)).toEqual([])
      const rows = await messagesOfThread(db, scope(), threadId, 9)
      expect(rows.map((row) => row.id)).toEqual([first.id, second.id])
      await db.transaction((tx) => removeMessages(tx, rows.slice(1)))
      const left = { messageCount: 1, lastMessageAt: new Date('2026-11-01T00:00:00Z') }
      expect(await findThread(db, scope(), threadId)).toMatchObject(left)
      await db.transaction((tx) => removeMessages(tx, rows.slice(0, 1)))
      expect(await findThread(db, scope(), threadId)).toBeNull()
    })
  })
})
