import { readFileSync } from 'node:fs'
import { createResolver, openLookups, type Resolver } from '@mairust/dns'
import { answerFrom, type DnsScript, type ScriptedDnsServer, startDnsServer } from '@mairust/dns/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { verify } from './index.ts'

// The openspf.org test suite for RFC 7208, over a name server that serves its zones: fixtures/spf.

interface Case {
  readonly helo: string
  readonly host: string
  readonly mailfrom: string
  readonly result: string | readonly string[]
  readonly explanation?: string
}
type ZoneRecord = 'TIMEOUT' | Readonly<Record<string, unknown>>
interface Scenario {
  readonly description: string
  readonly tests: Readonly<Record<string, Case>>
  readonly zonedata: Readonly<Record<string, readonly ZoneRecord[]>>
}

const file = new URL('fixtures/spf/rfc7208-tests.yml', import.meta.url)
const scenarios = parseAllDocuments(readFileSync(file, 'utf8'))
  .map((document) => document.toJS() as Scenario | null)
  .filter((scenario) => scenario !== null)

/** A name server for the zones of a scenario, which never answers about names marked so. */
function serve({ zonedata }: Scenario): DnsScript {
  const zones: Record<string, (string | Record<string, unknown>)[]> = {}
  const silent = new Set<string>()
  for (const [name, records] of Object.entries(zonedata)) {
    // Records of the abandoned type SPF stand for TXT, unless the name has TXT records of its own.
    const hasText = records.some((record) => record !== 'TIMEOUT' && 'TXT' in record)
    for (const record of records) {
      if (record === 'TIMEOUT') silent.add(name.toLowerCase())
      else for (const [type, data] of Object.entries(record)) add(name, type === 'SPF' && !hasText ? 'TXT' : type, data)
    }
  }
  function add(name: string, type: string, data: unknown): void {
    if (data === 'NONE') return
    const list = (zones[`${name} ${type}`] ??= [])
    if (type === 'MX' && Array.isArray(data))
      list.push({ preference: Number(data[0]), exchange: data[1] === '' ? '.' : String(data[1]) })
    else list.push(data as string)
  }
  const answer = answerFrom(zones)
  return (query) => {
    const isKnown = `${query.name} ${query.type}`.toLowerCase()
    const known = Object.keys(zones).some((key) => key.toLowerCase() === isKnown)
    return silent.has(query.name.toLowerCase()) && !known ? null : answer(query)
  }
}

describe.each(scenarios)('RFC 7208, $description', (scenario) => {
  let server: ScriptedDnsServer
  let resolver: Resolver
  beforeAll(async () => {
    server = await startDnsServer(serve(scenario))
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
  expect(scenarios.flatMap(({ tests }) => Object.keys(tests))).toHaveLength(203)
})
