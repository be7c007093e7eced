import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failures } from '../failure.ts'
import {
  afterHandshakeFailure,
  afterTlsSession,
  isClearRemembered,
  mayAuthenticate,
  NO_TLS_MEMORY,
  tlsDecision,
  type TlsDemand,
  type TlsFacts,
  type TlsQuestion,
  tlsStep,
} from './index.ts'

const question = (rest: Partial<TlsQuestion> = {}): TlsQuestion => ({
  host: 'mx.example.com',
  dane: null,
  sts: { kind: 'free' },
  route: 'opportunistic',
  routeVerifies: false,
  clearRemembered: false,
  allowOldVersions: false,
  ...rest,
})
const demand = (rest: Partial<TlsQuestion> = {}): TlsDemand => {
  const decision = tlsDecision(question(rest))
  if (decision.kind === 'skip') throw new Error('skipped')
  return decision.demand
}
const facts = (rest: Partial<TlsFacts> = {}): TlsFacts => ({ offered: true, handshake: null, verified: false, ...rest })
const VERIFIED = { sts: { kind: 'verified' } } satisfies Partial<TlsQuestion>

describe('what a connection must have', () => {
  it('O20 is demanded by DANE before MTA-STS before the route before opportunity', () => {
    const dane = { endEntityOnly: false }
    expect(demand({ dane, sts: { kind: 'skip' }, route: 'none' })).toMatchObject({
      by: 'dane',
      starttls: 'required',
      verify: 'dane',
    })
    expect(demand({ ...VERIFIED, route: 'none' })).toMatchObject({
      by: 'mta_sts',
      starttls: 'required',
      verify: 'name',
    })
    expect(demand({ route: 'required' })).toMatchObject({ by: 'route', starttls: 'required', verify: 'none' })
    expect(demand({ route: 'required', routeVerifies: true }).verify).toBe('name')
    expect(demand()).toMatchObject({ by: 'opportunity', starttls: 'wanted', verify: 'none' })
    expect(demand({ route: 'none' })).toMatchObject({ by: 'route', starttls: 'never' })
  })

  it('O22 keeps mail from hosts that an enforced policy does not name', () => {
    expect(tlsDecision(question({ sts: { kind: 'skip' } }))).toEqual({ kind: 'skip', failure: failures.notInPolicy })
    expect(failures.notInPolicy.reply.enhanced).toBe('4.7.5')
  })

  it('O23 is nothing more for a policy in testing', () => {
    expect(demand({ sts: { kind: 'observe', named: false } })).toEqual(demand())
  })

  it('O24 is for the name of the MX host, which SNI has too', () => {
    expect(demand().serverName).toBe('mx.example.com')
    expect(demand({ host: '[192.0.2.1]' }).serverName).toBe(null)
  })

  it('O25 has TLS 1.2 as its floor, unless old versions are allowed to opportunity', () => {
    expect(demand().minVersion).toBe('TLSv1.2')
    expect(demand({ allowOldVersions: true }).minVersion).toBe('TLSv1')
    expect(demand({ allowOldVersions: true, route: 'required' }).minVersion).toBe('TLSv1.2')
    expect(demand({ allowOldVersions: true, ...VERIFIED }).minVersion).toBe('TLSv1.2')
  })
})

describe('a session', () => {
  it('O21 with opportunistic TLS never fails for a certificate', () => {
    expect(tlsStep(demand(), facts())).toEqual({ kind: 'starttls' })
    expect(tlsStep(demand(), facts({ handshake: 'done' }))).toEqual({ kind: 'go_on', level: 'encrypted' })
    expect(tlsStep(demand(), facts({ handshake: 'done', verified: true }))).toEqual({
      kind: 'go_on',
      level: 'verified',
    })
    expect(tlsStep(demand(), facts({ offered: false }))).toEqual({ kind: 'go_on', level: 'clear' })
    expect(tlsStep(demand(), facts({ handshake: 'refused' }))).toEqual({ kind: 'go_on', level: 'clear' })
  })

  it('O21 whose handshake fails goes on over a new connection without TLS, remembered for three days', () => {
    expect(tlsStep(demand(), facts({ handshake: 'failed' }))).toEqual({ kind: 'reconnect_clear' })
    const now = new Date('2026-06-01T00:00:00Z')
    const memory = afterHandshakeFailure(NO_TLS_MEMORY, now)
    expect(isClearRemembered(NO_TLS_MEMORY, now)).toBe(false)
    expect(isClearRemembered(memory, new Date('2026-06-03T23:59:59Z'))).toBe(true)
    expect(isClearRemembered(memory, new Date('2026-06-04T00:00:00Z'))).toBe(false)
    expect(tlsStep(demand({ clearRemembered: true }), facts())).toEqual({ kind: 'go_on', level: 'clear' })
  })

  it('O21 is asked for TLS again after it worked', () => {
    const now = new Date('2026-06-01T00:00:00Z')
    expect(afterTlsSession(afterHandshakeFailure(NO_TLS_MEMORY, now), 'encrypted').memory.clearUntil).toBe(null)
  })

  it('O22 that needs TLS gives up without it: 4.7.5', () => {
    const strict = demand(VERIFIED)
    expect(tlsStep(strict, facts({ offered: false }))).toEqual({ kind: 'give_up', failure: failures.tlsUnavailable })
    expect(tlsStep(strict, facts({ handshake: 'refused' }))).toEqual({
      kind: 'give_up',
      failure: failures.tlsUnavailable,
    })
    expect(tlsStep(strict, facts({ handshake: 'failed' }))).toEqual({ kind: 'give_up', failure: failures.tlsHandshake })
    expect(tlsStep(strict, facts({ handshake: 'done' }))).toEqual({ kind: 'give_up', failure: failures.tlsNotVerified })
    expect(tlsStep(strict, facts({ handshake: 'done', verified: true }))).toEqual({ kind: 'go_on', level: 'verified' })
    for (const failure of [failures.tlsUnavailable, failures.tlsHandshake, failures.tlsNotVerified]) {
      expect(failure.reply).toMatchObject({ code: 451, enhanced: '4.7.5' })
    }
  })

  it('O22 that needs TLS never goes on in clear text, whatever happened or is remembered', () => {
    const required = fc.constantFrom<Partial<TlsQuestion>>({ route: 'required' }, VERIFIED, {
      dane: { endEntityOnly: true },
    })
    const any = fc.record({
      offered: fc.boolean(),
      handshake: fc.constantFrom('done' as const, 'refused' as const, 'failed' as const, null),
      verified: fc.boolean(),
    })
    fc.assert(
      fc.property(required, any, fc.boolean(), (why, happened, clearRemembered) => {
        const step = tlsStep(demand({ ...why, clearRemembered }), happened)
        expect(step.kind).not.toBe('reconnect_clear')
        if (step.kind === 'go_on') expect(step.level).not.toBe('clear')
      }),
    )
  })

  it('O26 with a smart host logs in only over verified TLS, unless the route says otherwise', () => {
    expect(mayAuthenticate('verified', false)).toBe(true)
    expect(mayAuthenticate('dane', false)).toBe(true)
    expect(mayAuthenticate('encrypted', false)).toBe(false)
    expect(mayAuthenticate('clear', false)).toBe(false)
    expect(mayAuthenticate('encrypted', true)).toBe(true)
  })

  it('O27 keeps the level of the site, and tells of a fall from verified to clear', () => {
    const verified = afterTlsSession(NO_TLS_MEMORY, 'verified')
    expect(verified).toEqual({ memory: { level: 'verified', clearUntil: null }, fell: false })
    expect(afterTlsSession(verified.memory, 'clear').fell).toBe(true)
    expect(afterTlsSession(verified.memory, 'encrypted').fell).toBe(false)
    expect(afterTlsSession(NO_TLS_MEMORY, 'clear').fell).toBe(false)
    expect(afterTlsSession(afterTlsSession(NO_TLS_MEMORY, 'encrypted').memory, 'clear').fell).toBe(false)
  })
})
