import { withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeSentWorld, type SentWorld } from '../../testing/sent.ts'
import { sendBatch } from './index.ts'

withDatabases((get) => {
  let d: SentWorld
  beforeEach(async () => {
    d = await makeSentWorld(get())
  })
  afterEach(() => d.close())

  it('a batch sends each message by itself: one that cannot be sent keeps none back', async () => {
    const to = (recipient: string) => ({ from: d.address, to: [recipient], subject: recipient })
    const { sent, results } = await sendBatch(d.ctx, {
      messages: [
        to('ken@far.example'),
        to(`nobody@${d.domain}`),
        { ...to('ken@far.example'), from: 'x@elsewhere.example' },
        to(d.address),
      ],
    })
    expect(sent).toBe(2)
    expect(results.map(({ message, error }) => message?.status ?? error?.code)).toEqual([
      'queued',
      'VALIDATION_ERROR',
      'FORBIDDEN',
      'delivered',
    ])
    expect(results[1]?.error?.details).toEqual([
      { field: 'to.0', reason: `nobody@${d.domain}: 550 5.1.1 No such mailbox here` },
    ])
    expect((await d.inFolder('inbox')).map(({ subject }) => subject)).toEqual([d.address])
    expect(await d.deliveries()).toHaveLength(1)
  })

  it('a batch has 1 to 100 messages', async () => {
    const message = { from: d.address, to: ['ken@far.example'] }
    for (const messages of [[], Array.from({ length: 101 }, () => message)]) {
      await expect(sendBatch(d.ctx, { messages })).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        details: [{ field: 'messages' }],
      })
    }
    expect(await d.deliveries()).toEqual([])
  })
})
