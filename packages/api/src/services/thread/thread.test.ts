import { withDatabases } from '@mairust/db/testing'
import { beforeEach, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { listMessages, removeMessage } from '../message/index.ts'
import { getThread } from './index.ts'

const FIRST = 'Subject: Plan\nMessage-ID: <1@x>\n\nWhat about Monday?\n'
const REPLY = 'Subject: Re: Plan\nMessage-ID: <2@x>\nIn-Reply-To: <1@x>\n\nMonday is fine.\n'

withDatabases((get) => {
  let world: MailWorld
  let ids: string[]
  let id: string
  beforeEach(async () => {
    world = await makeMailWorld(get())
    ids = [
      await world.deliver(FIRST, { receivedAt: new Date('2026-11-01T10:00:00Z') }),
      await world.deliver(REPLY, { receivedAt: new Date('2026-11-02T10:00:00Z') }),
    ]
    const { data } = await listMessages(world.ctx, {})
    id = data[0]?.thread_id ?? ''
  })

  it('shows the messages of a conversation, oldest first', async () => {
    const thread = await getThread(world.ctx, { id })
    expect(thread).toMatchObject({ id, message_count: 2, last_message_at: '2026-11-02T10:00:00.000Z' })
    expect(thread.messages.map((message) => message.id)).toEqual(ids)
  })

  it('counts the remaining messages after one is removed for good', async () => {
    await removeMessage(world.ctx, { id: ids[1] ?? '', permanent: true })
    const thread = await getThread(world.ctx, { id })
    expect(thread).toMatchObject({ message_count: 1, last_message_at: '2026-11-01T10:00:00.000Z' })
  })

  it('is not found by others', async () => {
    for (const ctx of [await world.as('user'), await (await makeMailWorld(get())).as('super_admin')]) {
      await expect(getThread(ctx, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })
})
