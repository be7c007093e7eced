import { tenantScope } from '@mairust/db/queries/scope'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { ensureTagRows } from '@mairust/db/queries/tag'
import { tagOwnerId } from '@mairust/db/queries/tag-owner'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, expect, it } from 'vitest'
import type { ServiceContext } from '../../context.ts'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { batchMessages, listMessages, updateMessage } from '../message/index.ts'
import { LIMITS } from '../../contract/limits.ts'
import { createTag, listTags, removeTag } from './index.ts'
import { newTag } from './internal.ts'

withDatabases((get) => {
  let world: MailWorld
  let admin: ServiceContext
  beforeEach(async () => {
    world = await makeMailWorld(get())
    admin = await world.as('tenant_admin')
  })

  it('lists tags by name, page by page', async () => {
    for (const name of ['work', 'Home', '請求書']) await createTag(world.ctx, { name })
    const first = await listTags(world.ctx, { limit: 2 })
    expect(first.data.map(({ name }) => name)).toEqual(['Home', 'work'])
    const cursor = first.pagination.cursor ?? undefined
    expect((await listTags(world.ctx, { limit: 2, cursor })).data).toMatchObject([{ name: '請求書' }])
  })

  it('has a chosen colour or the default one', async () => {
    const { ctx } = world
    expect(await createTag(ctx, { name: 'a', color: '#FF0000' })).toMatchObject({ color: '#ff0000' })
    expect(await createTag(ctx, { name: 'b' })).toMatchObject({ color: '#64748b' })
    await expect(createTag(ctx, { name: 'c', color: 'red' })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    })
  })

  it('has a unique name, whatever the case and width', async () => {
    await createTag(world.ctx, { name: 'Work' })
    for (const name of ['WORK', 'ｗｏｒｋ', ' work ']) {
      await expect(createTag(world.ctx, { name })).rejects.toMatchObject({ code: 'CONFLICT' })
    }
  })

  it('is one of at most a thousand, however it is made', async () => {
    const { ctx } = world
    const id = await world.deliver('Subject: x\n\nx\n')
    const owner = { ...tenantScope(world.mailbox.tenantId), ownerId: tagOwnerId(world.mailbox) }
    const many = Array.from({ length: LIMITS.tags - 1 }, (_, at) => newTag(ctx, { name: `t${at}` }))
    await get().db.transaction((tx) => ensureTagRows(tx, owner, many))
    await createTag(ctx, { name: 'last' })
    await expect(createTag(ctx, { name: 'more' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(updateMessage(ctx, { id, add_tags: ['t1', 'more'] })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await updateMessage(ctx, { id, add_tags: ['t1', 'LAST'] })).toMatchObject({ tags: ['last', 't1'] })
  })

  it('disappears from every message when it is removed', async () => {
    const id = await world.deliver('Subject: x\n\nx\n')
    const tag = await createTag(world.ctx, { name: 'gone' })
    await updateMessage(world.ctx, { id, add_tags: ['gone'] })
    await removeTag(admin, { id: tag.id })
    expect((await listMessages(world.ctx, {})).data).toMatchObject([{ tags: [] }])
    await expect(removeTag(admin, { id: tag.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is audited and notified, however it was created', async () => {
    const id = await world.deliver('Subject: x\n\nx\n')
    const topics: string[] = []
    const end = get().changes.subscribe(`tags:${world.mailbox.tenantId}`, (topic) => topics.push(topic))
    await updateMessage(world.ctx, { id, tags: ['one', 'ONE'], add_tags: ['Two'], remove_tags: ['three'] })
    await batchMessages(world.ctx, { ids: [id], action: 'add_tag', tag: 'one' })
    const entries = await listAuditEntries(
      get().db,
      tenantScope(world.mailbox.tenantId),
      { action: 'tag.create' },
      { limit: 9 },
    )
    expect(entries.map(({ after }) => after?.['name']).toSorted()).toEqual(['Two', 'one'])
    await expect.poll(() => topics).not.toEqual([])
    end()
  })

  it('is removed once under concurrent removals', async () => {
    const { id } = await createTag(world.ctx, { name: 'once' })
    const results = await Promise.allSettled([1, 2, 3].map(() => removeTag(admin, { id })))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'NOT_FOUND' })
    }
    const entries = await listAuditEntries(
      get().db,
      tenantScope(world.mailbox.tenantId),
      { action: 'tag.delete' },
      { limit: 9 },
    )
    expect(entries).toHaveLength(1)
  })

  it('can be removed while it is added to messages', async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => world.deliver('Subject: x\n\nx\n')))
    const remove = async (): Promise<void> => {
      const { data } = await listTags(world.ctx, {})
      await Promise.allSettled(data.map(({ id }) => removeTag(admin, { id })))
    }
    for (let round = 0; round < 5; round += 1) {
      const replace = { tags: ['busy', 'other'], add_tags: ['third'] }
      await Promise.all([...ids.map((id) => updateMessage(world.ctx, { id, ...replace })), remove()])
    }
  })
})
