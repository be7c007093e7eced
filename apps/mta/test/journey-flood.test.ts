import { makeAlias, makeDomain, makeMailbox } from '@mairust/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { JOURNEY_BUDGET } from '../src/smtp/journey-budget.ts'
import { eventually, journeyIn, journeysOf } from './support/server.ts'
import { useServer } from './support/suite.ts'

const { server, world } = useServer()
let config: ReturnType<typeof server>['config']

beforeAll(() => {
  config = server().config
  const { smtp } = config
  server().config = { ...config, smtp: { ...smtp, limits: { ...smtp.limits, exempt: [] } } }
})
afterAll(() => {
  server().config = config
})

const stored = (reply: string) =>
  eventually(async () => {
    const rows = await journeysOf(server().database, journeyIn(reply))
    return rows.length > 0 && rows
  })

it('a flood of refusals by one client leaves few journeys, with few recipients, and ours among them', async () => {
  const client = await server().client()
  await client.command('EHLO x')
  await client.command('MAIL FROM:<>')
  for (let index = 0; index < 60; index += 1) await client.command(`RCPT TO:<a@foreign${index}.example>`)
  const ours = await client.command(`RCPT TO:<nobody@${world().domain.name}>`)
  await client.command('RSET')
  // One row is the tenant's, one the server's.
  const rows = await stored(ours)
  expect(Math.max(...rows.map(({ steps }) => steps.length))).toBeLessThan(30)
  const steps = rows.flatMap((row) => row.steps)
  expect(steps.map(({ detail }) => detail)).toContain('40 more refusals of foreign recipients')
  expect(steps.map(({ recipient }) => recipient)).toContain(`nobody@${world().domain.name}`)
  client.destroy()

  let last = ''
  for (let named = 0; named <= JOURNEY_BUDGET.perNetwork; named += 40) {
    const other = await server().client()
    await other.command('EHLO x')
    for (let index = 0; index < 40; index += 1) last = await other.command('MAIL FROM:<a@b.example> SIZE=99999999999')
    other.destroy()
  }
  const late = await server().client()
  await late.command('EHLO x')
  await late.command('MAIL FROM:<>')
  const known = await late.command(`RCPT TO:<nobody@${world().domain.name}>`)
  await late.command('RSET')
  // Written in order: when the later one is there, the earlier one never comes.
  expect((await stored(known)).length).toBeGreaterThan(0)
  expect(await journeysOf(server().database, journeyIn(last))).toEqual([])
  late.destroy()
})

it('messages with refused recipients, or many spellings of one address, name only so many of these, wherever they lead', async () => {
  const { address, domain, scope } = world()
  const { db } = server().database
  const caught = await makeDomain(db, scope)
  const lists = ['list', 'team', 'all'].map((name) => `${name}@${domain.name}`)
  for (const list of lists) await makeAlias(db, scope, { domainId: domain.id, address: list, targets: [address] })
  await makeAlias(db, scope, { domainId: caught.id, address: `*@${caught.name}`, targets: [address] })
  const tagged = Array.from({ length: 15 }, (_, at) => address.replace('@', `+${at}@`))
  const taken = Array.from({ length: 5 }, (_, at) => `any${at}@${caught.name}`)
  const to = ['u@foreign.example', ...tagged, ...taken, ...lists, address]
  const client = await server().client()
  await client.command('EHLO x')
  const send = async () => {
    const commands = to.map((recipient) => `RCPT TO:<${recipient}>\r\n`)
    await client.write(`MAIL FROM:<>\r\n${commands.join('')}DATA\r\n`)
    for (let left = to.length + 2; left > 0; left -= 1) await client.reply()
    return client.command('Subject: x\r\n\r\nx\r\n.')
  }
  const first = await stored(await send())
  expect(first.flatMap(({ recipients }) => recipients).sort()).toEqual([...to].sort())
  for (let sent = 1; sent < JOURNEY_BUDGET.perNetwork + JOURNEY_BUDGET.perSender; sent += 1) await send()
  const last = await stored(await send())
  client.destroy()
  const kept = [...tagged.slice(0, 2), ...taken.slice(0, 2), ...lists, address]
  expect(last.flatMap(({ recipients }) => recipients).sort()).toEqual(kept.sort())
  const steps = last.flatMap((row) => row.steps)
  expect(steps.map(({ detail }) => detail)).toEqual(
    expect.arrayContaining(['16 more were accepted as spellings of these']),
  )
  const named = JSON.stringify(steps)
  for (const left of [...tagged.slice(2), ...taken.slice(2), 'u@foreign.example']) expect(named).not.toContain(left)
})

it('beyond the budget, no spelling of a refused recipient is named to its sender, and all are counted', async () => {
  const { user, scope } = world()
  const { name } = await makeDomain(server().database.db, scope, { status: 'suspended' })
  const spelled = [`"${'\\\\'.repeat(9)}"@${name}`, `soft\u00adhyphen@${name}`, `plain@${name}`]
  const client = await server().loggedIn(user)
  const send = async () => {
    await client.command(`MAIL FROM:<${world().address}> SMTPUTF8`)
    for (const recipient of [...spelled, world().address]) await client.command(`RCPT TO:<${recipient}>`)
    await client.command('DATA')
    return client.command(`From: ${world().address}\r\n\r\nx\r\n.`)
  }
  const refusals = async (reply: string) =>
    (await stored(reply)).flatMap(({ steps }) => steps.filter(({ result }) => result === 'refused'))
  expect(await refusals(await send())).toHaveLength(spelled.length)
  for (let sent = 1; sent < JOURNEY_BUDGET.perUser; sent += 1) await send()
  expect(await refusals(await send())).toMatchObject([{ detail: '3 more were refused' }])
  client.destroy()
})

it('a journey says nothing of recipients that it does not name, nor does what it says of one depend on others', async () => {
  const { address, domain, scope, user } = world()
  const { db } = server().database
  const closed = await makeDomain(db, scope, { status: 'suspended' })
  const behind: string[] = []
  for (let at = 0; at < 13; at += 1) {
    const box = `behind${at}@${domain.name}`
    await makeMailbox(db, scope, { domainId: domain.id, address: box })
    behind.push(box)
  }
  const list = `large@${domain.name}`
  await makeAlias(db, scope, { domainId: domain.id, address: list, targets: behind })
  const client = await server().loggedIn(user)
  const rcpt = async (...recipients: string[]) => {
    await client.command(`MAIL FROM:<${address}>`)
    for (const recipient of recipients) await client.command(`RCPT TO:<${recipient}>`)
    // Its reply names the journey.
    const refused = await client.command(`RCPT TO:<u@${closed.name}>`)
    await client.command('RSET')
    return (await stored(refused)).flatMap(({ steps }) => steps.map(({ name, detail }) => `${name} ${detail}`.trim()))
  }
  const own = Array.from({ length: 60 }, (_, at) => address.replace('@', `+own${at}@`))
  const steps = await rcpt(list, ...own)
  expect(steps).toContain(`more mailboxes 3 more behind ${list}`)
  expect(steps.filter((step) => behind.some((box) => step.startsWith(box)))).toHaveLength(10)
  // Which of the sender's own are traced depends on their places alone.
  expect(steps.filter((step) => step.startsWith(`${address} through`))).toHaveLength(19)
  const unnamed = await rcpt(...own, list)
  expect(unnamed.filter((step) => [list, ...behind].some((box) => step.includes(box)))).toEqual([])
  client.destroy()
})
