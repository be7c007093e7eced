import { tenantScope } from '@mairust/db/queries/scope'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { makeMailbox, makeUser, withDatabases } from '@mairust/db/testing'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import { beforeEach, expect, it } from 'vitest'
import { systemActor } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { makeTestApi } from '../../testing/api.ts'
import { contextOf, deliver, makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { removeMailbox, updateMailbox } from '../mailbox/index.ts'
import { batchMessages, getMessage, listMessages, updateMessage } from '../message/index.ts'
import { removeUser } from '../user/index.ts'
import { createTag, getTag, listTags, removeTag, updateTag } from './index.ts'

/** Two users of one tenant, each with a mailbox and a message, and an administrator. */
withDatabases((get) => {
  let world: MailWorld
  let eve: ServiceContext
  let hana: ServiceContext
  let admin: ServiceContext
  let box: MailboxRow
  let theirs: MailboxRow
  let mail: { eve: string; hana: string }

  beforeEach(async () => {
    world = await makeMailWorld(get())
    eve = world.ctx
    box = world.mailbox
    admin = await world.as('tenant_admin')
    const user = await makeUser(get().db, tenantScope(box.tenantId))
    theirs = await makeMailbox(get().db, tenantScope(box.tenantId), { userId: user.id })
    hana = contextOf(world.runtime, user, [theirs.id])
    mail = {
      eve: await world.deliver('Subject: x\n\nx\n'),
      hana: await deliver(get(), world.runtime, theirs, 'Subject: x\n\nx\n'),
    }
  })

  const tagsOf = async (ctx: ServiceContext, mailbox?: string) =>
    (await listTags(ctx, { mailbox })).data.map(({ name, color }) => `${name} ${color}`)

  it('two users of a tenant do not see each other’s tags, and each may have one of the same name', async () => {
    const mine = await createTag(eve, { name: 'work', color: '#111111' })
    await createTag(hana, { name: 'Work', color: '#222222' })
    expect([await tagsOf(eve), await tagsOf(hana)]).toEqual([['work #111111'], ['Work #222222']])
    await expect(createTag(eve, { name: 'WORK' })).rejects.toMatchObject({ code: 'CONFLICT' })
    const foreign = await (await makeMailWorld(get())).as('super_admin')
    for (const ctx of [hana, foreign]) {
      const missing = { code: 'NOT_FOUND' }
      await expect(getTag(ctx, { id: mine.id })).rejects.toMatchObject(missing)
      await expect(updateTag(ctx, { id: mine.id, name: 'stolen' })).rejects.toMatchObject(missing)
      await expect(removeTag(ctx, { id: mine.id })).rejects.toMatchObject(missing)
      await expect(tagsOf(ctx, box.address)).rejects.toMatchObject(missing)
      await expect(createTag(ctx, { name: 'x', mailbox: box.id })).rejects.toMatchObject(missing)
    }
  })

  it('a user renames, colours and removes their own tags', async () => {
    const { id } = await createTag(eve, { name: 'work' })
    const changed = { id, name: 'job', color: '#333333' }
    expect(await updateTag(eve, changed)).toEqual(changed)
    expect(await getTag(eve, { id })).toEqual(changed)
    await removeTag(eve, { id })
    expect(await tagsOf(eve)).toEqual([])
  })

  it('a message gets tags of its mailbox’s owner, whoever adds them', async () => {
    await createTag(eve, { name: 'work', color: '#111111' })
    const ids = [mail.eve, mail.hana]
    await batchMessages(admin, { ids, action: 'add_tag', tag: 'work' })
    expect([await tagsOf(eve), await tagsOf(hana), await tagsOf(admin)]).toEqual([
      ['work #111111'],
      ['work #64748b'],
      [],
    ])
    const found = (await listMessages(admin, { tag: 'WORK' })).data.map(({ id }) => id)
    expect(found.toSorted()).toEqual(ids.toSorted())
    await updateMessage(admin, { id: mail.eve, remove_tags: ['work'], add_tags: ['later'] })
    expect((await getMessage(eve, { id: mail.eve })).tags).toEqual(['later'])
    expect((await listMessages(admin, { tag: 'work' })).data).toMatchObject([{ id: mail.hana }])
    await batchMessages(admin, { ids, action: 'remove_tag', tag: 'work' })
    expect((await getMessage(hana, { id: mail.hana })).tags).toEqual([])
  })

  it('access to another user’s mailbox includes its tags', async () => {
    const { id } = await createTag(admin, { name: 'work', mailbox: box.address })
    expect(await tagsOf(eve)).toEqual(['work #64748b'])
    expect(await tagsOf(admin, box.address)).toEqual(await tagsOf(admin, box.id))
    expect(await tagsOf(admin, box.id)).toEqual(['work #64748b'])
    await updateTag(admin, { id, color: '#111111' })
    expect(await tagsOf(eve)).toEqual(['work #111111'])
    await removeTag(admin, { id })
    expect(await tagsOf(eve)).toEqual([])
  })

  it('access to only some of the mailboxes that share a tag allows reading but not changing it', async () => {
    const shared = await makeMailbox(get().db, tenantScope(box.tenantId), { userId: world.user.id })
    const { id } = await createTag(contextOf(world.runtime, world.user, 'all'), { name: 'work' })
    const some = await world.as('user', [shared.id])
    expect(await getTag(some, { id })).toMatchObject({ name: 'work' })
    const forbidden = { code: 'FORBIDDEN' }
    await expect(updateTag(some, { id, name: 'x' })).rejects.toMatchObject(forbidden)
    await expect(removeTag(some, { id })).rejects.toMatchObject(forbidden)
  })

  it('a key that is narrowed to a mailbox sees only the tags of its owner', async () => {
    const test = makeTestApi(get())
    const as = await test.key(world.user, [{ scope: 'read', mailboxes: [theirs.address] }])
    expect((await test.send('GET', '/tags', { as })).status).toBe(422)
    expect((await test.send('GET', `/tags?mailbox=${theirs.id}`, { as })).status).toBe(404)
    const own = await test.key(world.user, [{ scope: 'read', mailboxes: [box.address] }])
    await createTag(eve, { name: 'work' })
    expect((await test.send('GET', '/tags', { as: own })).items).toMatchObject([{ name: 'work' }])
  })

  it('a key that may write but not read gets only the id of a changed tag', async () => {
    const { id } = await createTag(eve, { name: 'secret' })
    const test = makeTestApi(get())
    const as = await test.key(world.user, ['write'])
    const { data } = await test.send('PATCH', `/tags/${id}`, { as, body: { color: '#123456' } })
    expect(data).toEqual({ id })
    expect((await test.send('DELETE', `/tags/${id}`, { as })).status).toBe(200)
  })

  it('the system has no tags of its own, and must name a mailbox', async () => {
    const system = { ...eve, actor: systemActor(box.tenantId) }
    await expect(tagsOf(system)).rejects.toMatchObject({ details: [{ field: 'mailbox' }] })
    await createTag(system, { name: 'work', mailbox: box.id })
    expect(await tagsOf(eve)).toEqual(['work #64748b'])
  })

  it('mail keeps its tags when its mailbox gets another owner or loses its owner; removal ends them', async () => {
    await updateMessage(eve, { id: mail.eve, add_tags: ['work', 'home'] })
    await createTag(hana, { name: 'WORK', color: '#222222' })
    const topics: string[] = []
    const end = get().changes.subscribe(`tags:${box.tenantId}`, (topic) => topics.push(topic))
    await updateMailbox(admin, { id: box.id, user_id: hana.actor.userId })
    await expect.poll(() => topics).not.toEqual([])
    end()
    expect(await tagsOf(hana)).toEqual(['home #64748b', 'WORK #222222'])
    expect(await tagsOf(eve)).toEqual(['home #64748b', 'work #64748b'])
    const tags = async () => (await getMessage(admin, { id: mail.eve })).tags
    expect(await tags()).toEqual(['home', 'WORK'])
    await removeUser(admin, { id: hana.actor.userId ?? '' })
    expect(await tags()).toEqual(['home', 'WORK'])
    expect(await tagsOf(admin, box.id)).toEqual(['home #64748b', 'WORK #222222'])
    expect(await tagsOf(admin, theirs.id)).toEqual([])
    await removeMailbox(admin, { id: box.id })
    await expect(tagsOf(admin, box.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(
      await listAuditEntries(get().db, tenantScope(box.tenantId), { action: 'mailbox.delete' }, { limit: 9 }),
    ).toHaveLength(1)
  })
})
