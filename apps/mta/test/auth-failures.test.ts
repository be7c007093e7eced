import { type Log, silentLog } from '@mairust/log'
import { expect, it } from 'vitest'
import { replies, replyText } from '@mairust/mail-core/smtp'
import { createIdentity, type Identity } from '../src/identity.ts'
import { createMetrics } from '../src/metrics.ts'
import type { SmtpOptions } from '../src/smtp/open.ts'
import { RawClient } from './support/client.ts'
import { plain } from './support/server.ts'
import { useServer } from './support/suite.ts'

const metrics = createMetrics()
let perMinute = 0
/** Logged refusals. */
let lines: { account: string; reason: string }[] = []
const log: Log = { ...silentLog, info: (about) => lines.push(about as (typeof lines)[number]) }
let identity: Identity | undefined
const { server, world } = useServer({ metrics, login: (...login) => identityLogin()(...login) })

function identityLogin(): SmtpOptions['login'] {
  const { config, database, blobs } = server()
  identity ??= createIdentity({
    config,
    failuresPerMinute: () => perMinute,
    database,
    blobs,
    masterKey: Buffer.alloc(32, 7),
    log,
    metrics,
  })
  return identity.login
}

it('every refused SMTP login is counted once, whichever part refuses it', async () => {
  const client = await RawClient.open(server().listener('submission').port)
  await client.command('EHLO user.example')
  await client.startTls()
  await client.command('EHLO user.example')
  const counted = async (): Promise<number | undefined> => (await metrics.authFailures.get()).values[0]?.value
  const { email } = world().user
  const attempts = [
    plain(email, 'wrong'),
    plain('nobody@foreign.example', 'wrong'),
    Buffer.from(`boss@foreign.example\0${email}\0wrong`).toString('base64'),
  ]
  for (const [before, attempt] of attempts.entries()) {
    expect(await counted()).toBe(before)
    expect(await client.command(`AUTH PLAIN ${attempt}`)).toMatch(/^535 /)
  }
  expect(await counted()).toBe(attempts.length)
  client.destroy()
})

/** Tries a login, and resolves to what the client sees. */
const attempt = async (email: string, password: string, address: string, actAs = ''): Promise<string> => {
  const result = await identityLogin()({ username: email, password, actAs }, { address, requestId: 'r' })
  return 'user' in result ? 'user' : replyText(result.reply)
}

it('an address may guess only so often, whichever accounts it tries; right passwords cost nothing', async () => {
  const guess = (email: string, password: string) => attempt(email, password, '2001:db8::1')
  perMinute = 4
  const { email } = world().user
  for (let at = 0; at <= perMinute; at += 1)
    expect(await attempt(email, 'wrong', '2001:db8::1', 'boss@foreign.example')).toMatch(/^5\.7\.8 /)
  for (let at = 0; at < perMinute; at += 1)
    expect(await guess(`nobody-${at}@foreign.example`, 'wrong')).toMatch(/^5\.7\.8 /)
  expect(await guess('another@foreign.example', 'wrong')).toMatch(/^4\.7\.0 /)
  // The same network, as IPv6 counts.
  expect(await attempt(email, 'wrong', '2001:db8::2')).toMatch(/^4\.7\.0 /)
  expect(await attempt('far@foreign.example', 'wrong', '198.51.100.1')).toMatch(/^5\.7\.8 /)
  // A reload changes the limit.
  perMinute = 0
  expect(await guess('another@foreign.example', 'wrong')).toMatch(/^5\.7\.8 /)
})

it('a user may name himself as the identity to act as, and nobody else', async () => {
  const { email } = world().user
  const acting = (actAs: string) => attempt(email, 'wrong', '198.51.100.2', actAs)
  expect(await acting('boss@foreign.example')).toBe(replyText(replies.otherIdentity))
  for (const self of ['', email, email.toUpperCase()]) expect(await acting(self)).toBe(replyText(replies.wrongPassword))
})

it('parallel guesses do not pass the limit together', async () => {
  perMinute = 3
  const results = await Promise.all(
    Array.from({ length: 8 }, (_none, at) => attempt(`parallel-${at}@foreign.example`, 'wrong', '203.0.113.1')),
  )
  expect(results.filter((reply) => reply.startsWith('5.7.8'))).toHaveLength(perMinute)
})

it('what is refused without a check is logged once a minute, with little of what the client sent', async () => {
  perMinute = 0
  const name = `${'x'.repeat(500)}@foreign.example`
  const { email } = world().user
  lines = []
  for (let at = 0; at < 9; at += 1) await attempt(email, 'wrong', '198.51.100.3')
  expect(lines.map(({ reason }) => reason)).toEqual([...Array<string>(5).fill('wrong_password'), 'locked'])
  perMinute = 1
  lines = []
  for (let at = 0; at < 9; at += 1) await attempt(name, 'wrong', '198.51.100.4', 'boss@foreign.example')
  for (let at = 0; at < 9; at += 1) await attempt(name, 'wrong', '198.51.100.4')
  expect(lines.map(({ reason }) => reason)).toEqual(['other_identity', 'unknown_account', 'too_many'])
  for (const { account } of lines) expect(account.length).toBeLessThanOrEqual(101)
})
