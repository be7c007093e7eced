import { readFileSync } from 'node:fs'
import { answerFrom, type DnsScript } from '@mairust/dns/testing'
import { parseAllDocuments } from 'yaml'

export interface SpfCase {
  readonly helo: string
  readonly host: string
  readonly mailfrom: string
  readonly result: string | readonly string[]
  readonly explanation?: string
}
type ZoneRecord = 'TIMEOUT' | Readonly<Record<string, unknown>>
export interface SpfScenario {
  readonly description: string
  readonly tests: Readonly<Record<string, SpfCase>>
  readonly zonedata: Readonly<Record<string, readonly ZoneRecord[]>>
}

const file = new URL('../fixtures/spf/rfc7208-tests.yml', import.meta.url)
/** The openspf.org test suite for RFC 7208: fixtures/spf. */
export const spfScenarios: readonly SpfScenario[] = parseAllDocuments(readFileSync(file, 'utf8'))
  .map((document) => document.toJS() as SpfScenario | null)
  .filter((scenario) => scenario !== null)

/** A name server for the zones of a scenario, which never answers about names marked so. */
export function serveScenario({ zonedata }: SpfScenario): DnsScript {
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
