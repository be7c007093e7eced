/** The whole RFC 7208 suite, each case a message that the real port takes in. */
import { startDnsServer } from '@mairust/dns/testing'
import { createMessageVerifier, type MessageVerifier } from '@mairust/intake'
import { serveScenario, spfScenarios } from '@mairust/mail-core/auth/testing'
import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeMessage, messagesOf } from './support/server.ts'
import { useServerOn } from './support/suite.ts'

/** Cases whose HELO name or reverse-path is none (RFC 5321 §4.1.2): the port refuses them, so that there is nothing to verify. */
const NO_SMTP = new Set(['toolonglabel', 'emptylabel', 'nolocalpart', 'dorky-sentinel', 'invalid-hello-macro'])

withDatabases((database) => {
  /** Each scenario has other records for the same names: none may come out of a cache. */
  let current: MessageVerifier | null = null
  const verifier: MessageVerifier = {
    verify: (...message) => current?.verify(...message) ?? Promise.reject(new Error('no scenario')),
    close: () => Promise.resolve(),
  }
  const env = { MAIRUST_SMTP__TRUSTED_XCLIENT: '127.0.0.1/32' }
  const { server, world } = useServerOn(database, { env, verifier })

  describe.each(spfScenarios)('RFC 7208, $description', (scenario) => {
    let close = () => Promise.resolve()
    beforeAll(async () => {
      const nameServer = await startDnsServer(serveScenario(scenario))
      const opened = createMessageVerifier({ dns: { servers: [nameServer.address], timeout_ms: 500 } })
      current = opened
      close = async () => {
        await opened.close()
        await nameServer.close()
      }
    })
    afterAll(() => close())

    it.each(Object.entries(scenario.tests))('%s', async (name, { helo, host, mailfrom, result }) => {
      const client = await server().client()
      const ip = host.includes(':') ? `IPV6:${host}` : host
      await client.command(`XCLIENT ADDR=${ip}`)
      const greeted = await client.command(`HELO ${helo}`)
      const steps = [`MAIL FROM:<${mailfrom}>`, `RCPT TO:<${world().address}>`, 'DATA', `${makeMessage()}\r\n.`]
      const replies: string[] = []
      for (const step of steps) replies.push(await client.command(step))
      client.destroy()
      if (NO_SMTP.has(name)) {
        expect([greeted, ...replies].find((reply) => !reply.startsWith('250'))).toMatch(/^501 5\./)
        return
      }
      expect(
        replies.map((reply) => reply.slice(0, 3)),
        replies.join('\n'),
      ).toEqual(['250', '250', '354', '250'])
      const { authentication } = (await messagesOf(database(), world().mailbox.id)).at(-1) ?? {}
      expect([result].flat()).toContain(authentication?.spf)
    })
  })
})
