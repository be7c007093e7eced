import type { TenantScope } from './scope.ts'
import { beforeEach, expect, it } from 'vitest'
import { memoryBlobStore } from '../blob/index.ts'
import { createId } from '../id.ts'
import { makeDomain, makeScope, makeMailbox, makeMessage, makeUser, withDatabases } from '../testing/index.ts'
import { deleteMailboxRow, unassignMailboxes, updateMailboxRow, type MailboxRow } from './mailbox.ts'
import { listMessages } from './message.ts'
import { emptyMailbox } from './prune.ts'
import { addMessageTags, ensureTagRows, listTags, tagsOfMessages } from './tag.ts'
import { findMailboxIdsOfTagOwner, findTagOwners, tagOwnerId } from './tag-owner.ts'
import { deleteUserRow, type UserRow } from './user.ts'

const NOW = new Date('2026-11-23T12:00:00Z')

withDatabases((get) => {
  let scope: TenantScope
  let eve: UserRow
  let hana: UserRow
  let box: MailboxRow
  let kept: MailboxRow
  let message: string
  let other: string

  beforeEach(async () => {
    const { db } = get()
    scope = await makeScope(db)
    eve = await makeUser(db, scope)
    hana = await makeUser(db, scope)
    const domainId = (await makeDomain(db, scope)).id
    box = await makeMailbox(db, scope, { domainId, userId: eve.id })
    kept = await makeMailbox(db, scope, { domainId, userId: eve.id })
    message = (await makeMessage(get(), box)).id
    other = (await makeMessage(get(), kept)).id
  })

  /** Creates tags of an owner and adds all of them to messages. */
  const tag = (ownerId: string, names: readonly string[], color: string, messages: readonly string[] = []) =>
    get().db.transaction(async (tx) => {
      const wanted = names.map((name) => ({ id: createId('tag'), name, color, createdAt: NOW }))
      const rows = await ensureTagRows(tx, { ...scope, ownerId }, wanted)
      await addMessageTags(
        tx,
        scope,
        messages,
        rows.map(({ id }) => id),
      )
    })
  const owned = async (ownerId: string) =>
    (await listTags(get().db, { ...scope, ownerId }, { limit: 9 })).map(({ name, color }) => `${name} ${color}`)
  const namesOf = async (id: string) => (await tagsOfMessages(get().db, scope, [id])).get(id)
  const found = async (name: string, mailboxId: string) =>
    (
      await listMessages(
        get().db,
        { ...scope, mailboxIds: [mailboxId] },
        { clauses: [{ kind: 'tag', name, negated: false }] },
        { limit: 9, order: 'asc' },
      )
    ).map(({ id }) => id)

  it('two owners can have a tag of the same name, each with its own colour and messages', async () => {
    const theirs = await makeMailbox(get().db, scope, { userId: hana.id })
    const third = (await makeMessage(get(), theirs)).id
    await tag(eve.id, ['work'], '#111111', [message])
    await tag(hana.id, ['Work'], '#222222', [third])
    expect(await owned(eve.id)).toEqual(['work #111111'])
    expect(await owned(hana.id)).toEqual(['Work #222222'])
    expect([await namesOf(message), await namesOf(third)]).toEqual([['work'], ['Work']])
    expect([await found('WORK', box.id), await found('WORK', theirs.id)]).toEqual([[message], [third]])
  })

  it('a mailbox that changes owner takes its tags along by name, and the old owner keeps theirs', async () => {
    await tag(eve.id, ['work', 'home'], '#111111', [message, other])
    await tag(eve.id, ['unused'], '#111111')
    await tag(hana.id, ['WORK'], '#222222')
    await get().db.transaction((tx) => updateMailboxRow(tx, scope, box.id, { userId: hana.id }))
    expect(await owned(hana.id)).toEqual(['home #111111', 'WORK #222222'])
    expect(await owned(eve.id)).toEqual(['home #111111', 'unused #111111', 'work #111111'])
    expect([await namesOf(message), await namesOf(other)]).toEqual([
      ['home', 'WORK'],
      ['home', 'work'],
    ])
    expect([await found('work', box.id), await found('work', kept.id)]).toEqual([[message], [other]])
  })

  it('a mailbox without an owner has its own tags, and passes them all to the next owner', async () => {
    await tag(eve.id, ['work', 'unused'], '#111111')
    await tag(eve.id, ['work'], '#111111', [message])
    await get().db.transaction((tx) => updateMailboxRow(tx, scope, box.id, { userId: null }))
    expect(await owned(box.id)).toEqual(['work #111111'])
    await tag(box.id, ['later'], '#333333')
    await get().db.transaction((tx) => updateMailboxRow(tx, scope, box.id, { userId: hana.id }))
    expect(await owned(box.id)).toEqual([])
    expect(await owned(hana.id)).toEqual(['later #333333', 'work #111111'])
    expect(await namesOf(message)).toEqual(['work'])
  })

  it('a mailbox that is changed otherwise, or reassigned to its owner, keeps its tags', async () => {
    await tag(eve.id, ['work'], '#111111', [message])
    const before = await listTags(get().db, { ...scope, ownerId: eve.id }, { limit: 9 })
    for (const change of [{ displayName: 'x' }, { userId: eve.id }]) {
      await get().db.transaction((tx) => updateMailboxRow(tx, scope, box.id, change))
    }
    expect(await listTags(get().db, { ...scope, ownerId: eve.id }, { limit: 9 })).toEqual(before)
    expect(await namesOf(message)).toEqual(['work'])
  })

  it('removing a user keeps the tags on their mail, and leaves no others behind', async () => {
    await tag(eve.id, ['work'], '#111111', [message])
    await tag(eve.id, ['unused'], '#111111')
    await get().db.transaction(async (tx) => {
      await unassignMailboxes(tx, scope, eve.id, NOW)
      await deleteUserRow(tx, scope, eve.id)
    })
    expect([await owned(eve.id), await owned(box.id), await owned(kept.id)]).toEqual([[], ['work #111111'], []])
    expect(await namesOf(message)).toEqual(['work'])
  })

  it('removing a mailbox removes its own tags', async () => {
    await get().db.transaction((tx) => updateMailboxRow(tx, scope, box.id, { userId: null }))
    await tag(box.id, ['work'], '#111111', [message])
    const { db, changes } = get()
    await emptyMailbox({ db, changes, blobs: memoryBlobStore(), log: { warn: () => undefined } }, scope, box.id)
    await get().db.transaction((tx) => deleteMailboxRow(tx, scope, box.id))
    expect(await owned(box.id)).toEqual([])
  })

  it('finds the tag owner of a mailbox, within the tenant', async () => {
    const { db } = get()
    const free = await makeMailbox(db, scope)
    expect(await findTagOwners(db, scope, [box.id, free.id])).toEqual(
      new Map([
        [box.id, eve.id],
        [free.id, free.id],
      ]),
    )
    expect((await findMailboxIdsOfTagOwner(db, { ...scope, ownerId: eve.id })).sort()).toEqual([box.id, kept.id].sort())
    expect(await findMailboxIdsOfTagOwner(db, { ...scope, ownerId: free.id })).toEqual([free.id])
    const foreign = await makeScope(db)
    expect(await findTagOwners(db, foreign, [box.id])).toEqual(new Map())
    expect(await findMailboxIdsOfTagOwner(db, { ...foreign, ownerId: tagOwnerId(box) })).toEqual([])
  })
})
