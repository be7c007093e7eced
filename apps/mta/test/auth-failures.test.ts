import { silentLog } from '@mairust/log'
import { expect, it } from 'vitest'
import { replyText } from '@mairust/mail-core/smtp'
import { createIdentity, type Identity } from '../src/identity.ts'
import { createMetrics } from '../src/metrics.ts'
import type { SmtpOptions } from '../src/smtp/open.ts'
import { RawClient } from './support/client.ts'
import { plain } from './support/server.ts'
import { useServer } from './support/suite.ts'

const metrics = createMetrics()
let perMinute = 0
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
    log: silentLog,
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

it('an address may guess only so often, whichever accounts it tries; right passwords cost nothing', async () => {
  const guess = async (email: string, password: string) => {
    const result = await identityLogin()(email, password, { address: '2001:db8::1', requestId: 'r' })
    return 'user' in result ? 'user' : replyText(result.reply)
  }
  perMinute = 4
  const { email } = world().user
  for (let at = 0; at < perMinute; at += 1)
    expect(await guess(`nobody-${at}@foreign.example`, 'wrong')).toMatch(/^5\.7\.8 /)
  expect(await guess('another@foreign.example', 'wrong')).toMatch(/^4\.7\.0 /)
  // The same network, as IPv6 counts.
  const near = await identityLogin()(email, 'wrong', { address: '2001:db8::2', requestId: 'r' })
  expect('reply' in near && replyText(near.reply)).toMatch(/^4\.7\.0 /)
  const away = await identityLogin()('far@foreign.example', 'wrong', { address: '198.51.100.1', requestId: 'r' })
  expect('reply' in away && replyText(away.reply)).toMatch(/^5\.7\.8 /)
  // A reload changes the limit.
  perMinute = 0
  expect(await guess('another@foreign.example', 'wrong')).toMatch(/^5\.7\.8 /)
})

it('parallel guesses do not pass the limit together', async () => {
  perMinute = 3
  const results = await Promise.all(
    Array.from({ length: 8 }, (_none, at) =>
      identityLogin()(`parallel-${at}@foreign.example`, 'wrong', { address: '203.0.113.1', requestId: 'r' }),
    ),
  )
  const wrong = results.filter((result) => 'reply' in result && replyText(result.reply).startsWith('5.7.8'))
  expect(wrong).toHaveLength(perMinute)
})
