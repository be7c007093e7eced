import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smtpReply, type SmtpReply } from '../../smtp/index.ts'
import { failures } from '../failure.ts'
import { concludePlan, settle, type SessionFacts, sessionOutcome } from './index.ts'

const OK = smtpReply(250, null, 'ok')
const facts = (rest: Partial<SessionFacts>): SessionFacts => ({
  provider: null,
  family: 4,
  banner: smtpReply(220, null, 'ready'),
  hello: OK,
  tls: null,
  auth: null,
  mail: OK,
  recipients: [{ id: 'a', reply: OK, rescues: 0 }],
  data: null,
  end: null,
  broken: null,
  ...rest,
})
const NOBODY = [{ id: 'a', reply: null, rescues: 0 }]
const refusedBy = (code: number, text: string) =>
  sessionOutcome(facts({ banner: smtpReply(code, null, text), hello: null, mail: null, recipients: NOBODY }))
const unreachable = sessionOutcome(
  facts({
    banner: null,
    hello: null,
    mail: null,
    recipients: NOBODY,
    broken: { stage: 'connect', failure: failures.noAnswer },
  }),
)
const delivered = sessionOutcome(facts({ data: smtpReply(354, null, 'go'), end: OK }))
const recipients = [{ id: 'a', rescues: 0 }]
const result = (sessions: Parameters<typeof concludePlan>[0]['sessions'], complete = true, rescues = 0) =>
  concludePlan({ recipients: [{ id: 'a', rescues }], sessions, complete }).recipients[0]?.result

describe('an attempt', () => {
  it('has the last result of each recipient', () => {
    expect(result([unreachable, delivered])?.kind).toBe('delivered')
    expect(result([unreachable])?.kind).toBe('deferred')
  })

  it('O10 bounces when every host said 5yz in its greeting, and not before', () => {
    const no = refusedBy(571, 'not for you')
    expect(result([no, no], true, 3)?.kind).toBe('bounced')
    expect(result([no, no], false, 3)?.kind).toBe('deferred')
    expect(result([no, unreachable], true, 3)?.kind).toBe('deferred')
    expect(result([no, refusedBy(421, 'busy')], true, 3)?.kind).toBe('deferred')
  })

  it('O41 takes such a greeting for an answer about our address at first', () => {
    const no = refusedBy(554, 'blocked using zen.spamhaus.org')
    expect(result([no])).toMatchObject({ kind: 'deferred', rescue: true, tryNextHost: false })
  })

  it('O29 is exhausted when no host took part', () => {
    expect(concludePlan({ recipients, sessions: [unreachable, refusedBy(554, 'no')], complete: true }).exhausted).toBe(
      true,
    )
    expect(concludePlan({ recipients, sessions: [unreachable, delivered], complete: true }).exhausted).toBe(false)
    // Cut short, or without an address: that says nothing of the hosts.
    expect(concludePlan({ recipients, sessions: [unreachable], complete: false }).exhausted).toBe(false)
    expect(concludePlan({ recipients, sessions: [], complete: true }).exhausted).toBe(false)
  })

  it('O12 never takes back a delivery', () => {
    expect(result([delivered, unreachable])?.kind).toBe('delivered')
  })

  it('is deferred without a session', () => {
    expect(result([])).toMatchObject({ kind: 'deferred', refusal: { local: true } })
  })

  it('O42 ends every recipient in exactly one result, whatever the remote does', () => {
    const code = fc.oneof(
      fc.constantFrom(220, 250, 354, 421, 450, 452, 550, 552, 554),
      fc.integer({ min: 200, max: 599 }),
    )
    const text = fc.constantFrom(
      'ok',
      'too many recipients',
      'user unknown',
      'greylisted',
      'blocked using spamhaus',
      '',
    )
    const some: fc.Arbitrary<SmtpReply> = fc.tuple(code, text).map(([number, words]) => smtpReply(number, null, words))
    const maybe = fc.option(some, { nil: null })
    const stage = fc.constantFrom('connect', 'banner', 'hello', 'tls', 'mail', 'rcpt', 'data', 'body', 'end' as const)
    const session = fc.record({
      provider: fc.constant(null),
      family: fc.constantFrom(4 as const, 6 as const),
      banner: maybe,
      hello: maybe,
      tls: maybe,
      auth: maybe,
      mail: maybe,
      replies: fc.array(maybe, { minLength: 3, maxLength: 3 }),
      data: maybe,
      end: maybe,
      broken: fc.option(
        stage.map((at) => ({ stage: at, failure: failures.connectionLost })),
        { nil: null },
      ),
    })
    fc.assert(
      fc.property(
        fc.array(session, { maxLength: 3 }),
        fc.boolean(),
        fc.nat({ max: 4 }),
        (sessions, complete, rescues) => {
          const ids = ['a', 'b', 'c']
          const outcomes = sessions.map(({ replies, ...rest }) =>
            sessionOutcome({ ...rest, recipients: ids.map((id, at) => ({ id, reply: replies[at] ?? null, rescues })) }),
          )
          for (const [at, outcome] of outcomes.entries()) {
            expect(outcome.recipients.map(({ id }) => id)).toEqual(ids)
            const { end } = sessions[at] ?? {}
            const good = end !== null && end !== undefined && end.code < 300
            // Nobody is delivered without a 250 after the dot.
            if (!good) expect(outcome.recipients.every(({ result: each }) => each.kind !== 'delivered')).toBe(true)
          }
          const plan = concludePlan({ recipients: ids.map((id) => ({ id, rescues })), sessions: outcomes, complete })
          expect(plan.recipients.map(({ id }) => id)).toEqual(ids)
          for (const { result: each } of plan.recipients) {
            expect(['delivered', 'bounced', 'deferred', 'again']).toContain(each.kind)
            // O40: nothing but a 5yz ends it.
            if (each.kind === 'bounced') expect(each.refusal.reply.code).toBeGreaterThanOrEqual(500)
          }
        },
      ),
    )
  })
})

describe('the state after an attempt', () => {
  const now = new Date('2026-06-01T00:00:00Z')
  const retry = {
    now,
    failures: 1,
    retryMinutes: [1, 5],
    expiresAt: new Date(now.getTime() + 3_600_000),
    random: () => 0.5,
  }
  const deferred = result([unreachable])

  it('O42 is an end with its reason, or the time of the next attempt', () => {
    if (deferred === undefined) throw new Error('no result')
    expect(settle(deferred, retry)).toMatchObject({ state: 'deferred', at: new Date(now.getTime() + 60_000) })
    expect(settle(deferred, { ...retry, expiresAt: now })).toMatchObject({
      state: 'bounced',
      reason: 'expired',
      reply: failures.expired.reply,
      refusal: { reply: failures.noAnswer.reply },
    })
    expect(settle({ kind: 'delivered', reply: OK }, retry)).toEqual({ state: 'delivered', reply: OK })
    expect(settle({ kind: 'again' }, retry)).toEqual({ state: 'again' })
  })
})
