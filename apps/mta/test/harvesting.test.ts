import { makeAlias, makeMailbox } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeMessage } from './support/server.ts'
import { useServer } from './support/suite.ts'

const { server, world } = useServer()
let config: ReturnType<typeof server>['config']

beforeAll(() => {
  config = server().config
  const { smtp } = config
  const limits = { ...smtp.limits, exempt: [] }
  server().config = { ...config, smtp: { ...smtp, trusted_xclient: ['127.0.0.1/32'], limits } }
})
afterAll(() => {
  server().config = config
})

/** What a client's RCPT commands get on one connection. */
async function answers(from: string, ...to: string[]): Promise<string[]> {
  const client = await server().client()
  await client.command(`XCLIENT ADDR=${from}`)
  await client.command('EHLO x')
  await client.command('MAIL FROM:<>')
  const replies: string[] = []
  for (const address of to) replies.push((await client.command(`RCPT TO:<${address}>`)).slice(0, 9))
  client.destroy()
  return replies
}

describe('a client that has used up its unknown recipients', () => {
  it.each([
    ['an IPv4 address', 50, () => '192.0.2.1', '192.0.2.2'],
    ['an IPv6 /48', 250, (guess: number) => `2001:db8:1:${guess % 10}::1`, '2001:db8:2::1'],
  ])('learns nothing more from %s, and does not slow others', async (_what, allowed, from, other) => {
    const at = (local: string) => `${local}@${world().domain.name}`
    const guesses = Array.from({ length: 10 }, (_none, index) => at(`guess${index}`))
    for (let named = 0; named < allowed; named += 10)
      expect(new Set(await answers(from(named / 10), ...guesses))).toEqual(new Set(['550 5.1.1']))
    for (const address of [world().address, at('nobody'), 'a@foreign.example'])
      expect(await answers(from(11), address)).toEqual(['421 4.7.0'])
    expect(await answers(other, world().address)).toEqual(['250 2.1.5'])
  })
})

it('a client does not buy guesses with mail to one mailbox that it knows', async () => {
  const answered: string[] = []
  for (let connection = 0; connection < 7; connection += 1) {
    const client = await server().client()
    await client.command('XCLIENT ADDR=198.51.100.7')
    await client.command('EHLO x')
    for (let message = 0; message < 5; message += 1) {
      await client.command('MAIL FROM:<>')
      await client.command(`RCPT TO:<${world().address}>`)
      for (const half of ['a', 'b']) {
        const guess = `${half}${connection}-${message}@${world().domain.name}`
        answered.push((await client.command(`RCPT TO:<${guess}>`)).slice(0, 9))
      }
      if ((await client.command('DATA')).startsWith('354')) await client.command('\r\nx\r\n.')
    }
    client.destroy()
  }
  // The hour’s fifty, and two for the mailbox.
  expect(answered.filter((reply) => reply === '550 5.1.1')).toHaveLength(52)
})

it('a client does not learn from its allowance how many mailboxes are behind an address, or that two addresses are one', async () => {
  const { domain, address: mailbox, scope } = world()
  const { db } = server().database
  const boxes = ['b', 'c'].map((name) => `${name}-behind@${domain.name}`)
  for (const address of boxes) await makeMailbox(db, scope, { domainId: domain.id, address })
  const alias = (name: string, targets: string[]) =>
    makeAlias(db, scope, { domainId: domain.id, address: `${name}@${domain.name}`, targets })
  await alias('many', [mailbox, ...boxes])
  await alias('one', [mailbox])
  const allowedAfter = async (from: string, ...to: string[]): Promise<number> => {
    const sender = await server().client()
    await sender.command(`XCLIENT ADDR=${from}`)
    expect(await sender.send(to, makeMessage())).toMatch(/^250 /)
    sender.destroy()
    const answered: string[] = []
    for (let connection = 0; connection < 7; connection += 1) {
      const guesses = Array.from({ length: 9 }, (_none, at) => `g${connection}-${at}@${domain.name}`)
      answered.push(...(await answers(from, ...guesses)))
    }
    return answered.filter((reply) => reply === '550 5.1.1').length
  }
  expect(await allowedAfter('198.51.100.1', mailbox)).toBe(52)
  expect(await allowedAfter('198.51.100.2', `many@${domain.name}`)).toBe(52)
  expect(await allowedAfter('198.51.100.3', `many@${domain.name}`, mailbox)).toBe(54)
  expect(await allowedAfter('198.51.100.4', `one@${domain.name}`, mailbox)).toBe(54)
})

it('the ids of the copies of a message do not tell how many copies are between them', async () => {
  const { domain, scope } = world()
  const { db } = server().database
  const boxes = Array.from({ length: 12 }, (_none, at) => `copy${at}@${domain.name}`)
  for (const address of boxes) await makeMailbox(db, scope, { domainId: domain.id, address })
  const client = await server().client()
  expect(await client.send(boxes, makeMessage('Twelve copies'))).toMatch(/^250 /)
  client.destroy()
  const { messages } = db.tables
  const rows = (await db.select().from(messages)).filter(({ subject }) => subject === 'Twelve copies')
  const inOrder = rows.sort((a, b) => a.seq - b.seq)
  for (const ids of [inOrder.map(({ id }) => id), inOrder.map(({ threadId }) => threadId)]) {
    expect(ids).toHaveLength(12)
    expect(ids).not.toEqual([...ids].sort())
  }
})

it('a logged-in user learns nothing more after 50 in an hour either, on any connection', async () => {
  const name = async (...to: string[]): Promise<string[]> => {
    const client = await server().loggedIn(world().user)
    await client.command(`MAIL FROM:<${world().address}>`)
    const replies: string[] = []
    for (const address of to) replies.push((await client.command(`RCPT TO:<${address}>`)).slice(0, 9))
    client.destroy()
    return replies
  }
  const guesses = Array.from({ length: 10 }, (_none, index) => `guess${index}@${world().domain.name}`)
  for (let named = 0; named < 50; named += 10) expect(new Set(await name(...guesses))).toEqual(new Set(['550 5.1.1']))
  expect(await name(world().address)).toEqual(['421 4.7.0'])
  // Refused tries do not prolong it.
  server().advance(3_600_000)
  expect(await name(world().address)).toEqual(['250 2.1.5'])
})
