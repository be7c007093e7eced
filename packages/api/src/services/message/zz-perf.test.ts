import { withDatabases, makeItem } from '@mairust/db/testing'
import { acceptMessages } from '@mairust/db/queries/accept'
import { it } from 'vitest'
import { makeMailWorld } from '../../testing/mail.ts'
import { fillMailbox } from '../../testing/bulk.ts'
import { getMessage, listMessages, batchMessages } from './index.ts'

const words = 'alpha beta gamma delta 東京都で会議 meeting report invoice budget ロンドン 大阪 weekly sync plan'.split(
  ' ',
)
withDatabases((get) => {
  it('perf', async () => {
    const world = await makeMailWorld(get())
    const db = get()
    let t = performance.now()
    const N = 100000
    for (let i = 0; i < N; i += 1000) {
      const items = Array.from({ length: 1000 }, (_, k) =>
        makeItem(world.mailbox, {
          index: {
            subject: `${words[(i + k) % words.length]} ${words[(i * 7 + k * 3) % words.length]} ${i + k}`,
            hasAttachments: (i + k) % 500 === 0,
          },
          text: `body ${words[(k * 5) % words.length]} number${i + k}`,
          copy: {
            receivedAt: new Date(1.7e12 + (i + k) * 1000),
            seen: (i + k) % 100 !== 0,
            starred: (i + k) % 1000 === 0,
          },
        }),
      )
      await db.db.transaction((tx) => acceptMessages(tx, items, db.changes))
    }
    console.log(db.dialect, 'seed', Math.round(performance.now() - t))
    const id = await world.deliver('From: a@b.c\nSubject: hi\n\nhello')
    const adminCtx = await world.as('tenant_admin')
    await batchMessages({
      ctx: world.ctx,
      input: {
        ids: (await listMessages({ ctx: world.ctx, input: { limit: 100, folder: 'inbox' } })).data.map((d) => d.id),
        action: 'add_tag',
        tag: 'work',
      },
    })
    const run = async (name: string, f: () => Promise<any>) => {
      const ts: number[] = []
      let n = 0
      for (let i = 0; i < 20; i++) {
        const s = performance.now()
        const r = await f()
        ts.push(performance.now() - s)
        n = r?.data?.length ?? 1
      }
      ts.sort((a, b) => a - b)
      console.log(
        db.dialect.padEnd(9),
        name.padEnd(34),
        'p50',
        ts[10]!.toFixed(1),
        'p95',
        ts[18]!.toFixed(1),
        'max',
        ts[19]!.toFixed(1),
        'n',
        n,
      )
    }
    const list =
      (input: any, ctx = world.ctx) =>
      () =>
        listMessages({ ctx, input })
    await run('list', list({}))
    await run('list inbox', list({ folder: 'inbox' }))
    await run('list mailbox', list({ mailbox: world.mailbox.address }))
    await run('list admin', list({}, adminCtx))
    await run('list admin inbox', list({ folder: 'inbox' }, adminCtx))
    await run('list junk(empty)', list({ folder: 'junk' }))
    await run('list admin junk(empty)', list({ folder: 'junk' }, adminCtx))
    await run('asc', list({ sort: 'date' }))
    await run('limit100', list({ limit: 100 }))
    let c: any
    {
      let cur
      for (let i = 0; i < 400; i++) {
        const r: any = await listMessages({ ctx: world.ctx, input: { limit: 100, cursor: cur } })
        cur = r.pagination.cursor
      }
      c = cur
    }
    await run('deep page', list({ cursor: c }))
    await run('unseen', list({ seen: false }))
    await run('seen', list({ seen: true }))
    await run('starred', list({ starred: true }))
    await run('starred inbox', list({ starred: true, folder: 'inbox' }))
    await run('att', list({ has_attachment: true }))
    await run('att inbox', list({ has_attachment: true, folder: 'inbox' }))
    await run('no att', list({ has_attachment: false }))
    await run('tag', list({ tag: 'work' }))
    await run('tag none', list({ tag: 'nothere' }))
    await run('before', list({ before: new Date(1.7e12 + 5e7).toISOString() }))
    await run('after', list({ after: new Date(1.7e12 + 5e7).toISOString() }))
    await run('q common word', list({ q: 'meeting' }))
    await run('q body everywhere', list({ q: 'body' }))
    await run('q rare', list({ q: 'number4242' }))
    await run('q none', list({ q: 'zebra' }))
    await run('q 東京', list({ q: '東京' }))
    await run('q subject:', list({ q: 'subject:invoice' }))
    await run('q neg', list({ q: 'meeting -invoice' }))
    await run('q from', list({ q: 'from:sender@example.net' }))
    await run('q combined', list({ q: 'meeting is:unread has:attachment' }))
    await run('admin q rare', list({ q: 'number4242' }, adminCtx))
    await run('admin q common', list({ q: 'body' }, adminCtx))
    await run('detail', () => getMessage({ ctx: world.ctx, input: { id } }))
  }, 600000)
})
void fillMailbox
