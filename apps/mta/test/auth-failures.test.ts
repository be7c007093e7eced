import { silentLog } from '@mairust/log'
import { expect, it } from 'vitest'
import { createIdentity } from '../src/identity.ts'
import { createMetrics } from '../src/metrics.ts'
import type { SmtpOptions } from '../src/smtp/open.ts'
import { RawClient } from './support/client.ts'
import { plain } from './support/server.ts'
import { useServer } from './support/suite.ts'

const metrics = createMetrics()
const { server, world } = useServer({ metrics, login: (...login) => identityLogin()(...login) })

function identityLogin(): SmtpOptions['login'] {
  const { config, database, blobs } = server()
  return createIdentity({ config, database, blobs, masterKey: Buffer.alloc(32, 7), log: silentLog, metrics }).login
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
