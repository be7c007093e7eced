import type { Asked } from './ask.ts'
import { isDnsName, nameKey } from './name.ts'
import { MAX_ALIASES } from './read-answer.ts'
import type { Answer, RecordType, TemporaryCause } from './types.ts'
import type { Question } from './wire.ts'

/** Seconds for which answers are kept, whatever they say. RFC 2308 §5 and RFC 9520 §3.2 name the limits of the last two. */
export const KEPT = { found: { least: 5, most: 86_400 }, missing: { least: 5, most: 3_600 }, temporary: 5 } as const

/** What there is to keep of an answer. */
export interface Resolved {
  readonly answer: Answer<RecordType>
  /** For how long it is kept. */
  readonly seconds: number
}

type Ask = (question: Question) => Promise<Asked<RecordType>>

/** Asks, and asks again for the target when all that came back is an alias. */
export async function follow(asked: string, type: RecordType, ask: Ask): Promise<Resolved> {
  let name = asked
  let most = Infinity
  let authenticated = true
  for (let step = 0; step <= MAX_ALIASES; step += 1) {
    const told: Asked<RecordType> = await ask({ name, type })
    if ('failed' in told) return temporary(told.failed)
    const { reading, authentic } = told
    authenticated &&= authentic
    if (reading.kind !== 'alias') return conclude(reading, asked, authenticated, most)
    most = Math.min(most, reading.ttl)
    name = reading.target
    if (!isDnsName(name)) break
  }
  return temporary('chain_too_long')
}

type Conclusion = Exclude<Extract<Asked<RecordType>, { authentic: boolean }>['reading'], { kind: 'alias' }>

function conclude(reading: Conclusion, asked: string, authenticated: boolean, most: number): Resolved {
  const { least, most: limit } = reading.kind === 'found' ? KEPT.found : KEPT.missing
  const ttl = reading.ttl === null ? 0 : Math.min(Math.max(Math.min(reading.ttl, most), least), limit)
  const cname = nameKey(reading.name) === nameKey(asked) ? {} : { cname: reading.name }
  const known = { authenticated, ttl, ...cname }
  return {
    answer:
      reading.kind === 'found'
        ? { ...known, kind: 'found', records: reading.records }
        : { ...known, kind: reading.kind },
    seconds: ttl,
  }
}

const UNKEPT: readonly TemporaryCause[] = ['overloaded', 'cancelled']

const temporary = (cause: TemporaryCause): Resolved => ({
  answer: { kind: 'temporary', cause },
  seconds: UNKEPT.includes(cause) ? 0 : KEPT.temporary,
})
