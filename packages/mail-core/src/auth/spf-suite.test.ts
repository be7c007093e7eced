import { createResolver, openLookups, type Resolver } from '@mairust/dns'
import { type ScriptedDnsServer, startDnsServer } from '@mairust/dns/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verify } from './index.ts'
import { serveScenario, spfScenarios } from './testing/spf-suite.ts'

// The test suite for RFC 7208, over a name server that serves its zones.

describe.each(spfScenarios)('RFC 7208, $description', (scenario) => {
  let server: ScriptedDnsServer
  let resolver: Resolver
  beforeAll(async () => {
    server = await startDnsServer(serveScenario(scenario))
    resolver = createResolver({ servers: [server.address], timeoutMs: 500 })
  })
  afterAll(() => server.close())

  it.each(Object.entries(scenario.tests))('%s', async (_, { helo, host, mailfrom, result, explanation }) => {
    const lookups = openLookups(resolver)
    const { spf } = await verify(Buffer.from('From: a@x.invalid\r\n\r\nx\r\n'), {
      session: { ip: host, helo, reversePath: mailfrom },
      hostname: 'receiver.example',
      lookups,
      now: new Date(),
      trustedSealers: [],
    })
    lookups.close()
    expect([result].flat()).toContain(spf.result)
    if (explanation !== undefined) expect((spf.explanation ?? 'DEFAULT').toLowerCase()).toBe(explanation.toLowerCase())
  })
})

it('the suite is whole', () => {
  expect(spfScenarios.flatMap(({ tests }) => Object.keys(tests))).toHaveLength(203)
})
