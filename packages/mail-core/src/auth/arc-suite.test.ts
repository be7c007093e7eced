import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { check } from './testing/check.ts'

// The public test suite for ARC validation: fixtures/arc.

interface Case {
  readonly description: string
  readonly message: string
  readonly cv: string
}
interface Scenario {
  readonly description: string
  readonly tests: Readonly<Record<string, Case>>
  readonly 'txt-records': Readonly<Record<string, string>>
}

const file = new URL('fixtures/arc/arc-draft-validation-tests.yml', import.meta.url)
const scenarios = parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: false })
  .map((document) => document.toJS() as Scenario | null)
  .filter((scenario) => scenario !== null)

/**
 * Where we are stricter than the suite. SHA-1 counts nowhere (RFC 8301 §3.1), and a signature over nothing is none (RFC 6376 §5.4). For
 * a chain whose newest seal says that it is broken, the suite leaves the result open.
 */
const BROKEN = ['ams_fields_a_sha1', 'as_fields_a_sha1', 'ams_fields_h_empty']

describe.each(scenarios)('ARC, $description', ({ tests, 'txt-records': records }) => {
  it.each(Object.entries(tests))('%s', async (name, { message, cv }) => {
    const { arc } = await check(message, records, { now: new Date('2017-03-01T00:00:00Z') })
    expect(arc.result).toBe(BROKEN.includes(name) || cv === '' ? 'fail' : cv.toLowerCase())
  })
})

it('the suite is whole', () => {
  expect(scenarios.flatMap(({ tests }) => Object.keys(tests))).toHaveLength(170)
})
