import type { JourneyDetailWire } from '@mairust/api/services'
import { describe, expect, it } from 'vitest'
import { journeyText, recipientsCell, senderCell } from './trace-text.ts'

const AT = '2026-11-01T00:00:00.000Z'
type Step = JourneyDetailWire['steps'][number]
const step = (kind: Step['kind'], name: string, result: Step['result'], detail = ''): Step => ({
  at: AT,
  ms: 1,
  kind,
  name,
  result,
  detail,
  recipient: null,
})
const MAIL_OK = step('mail', '<ann@example.net>', 'ok')

const journey = (values: Partial<JourneyDetailWire>): JourneyDetailWire => ({
  id: 'jrn_1',
  direction: 'inbound',
  status: 'accepted',
  from: 'ann@example.net',
  to: ['bob@example.com'],
  started_at: AT,
  remote_address: '198.51.100.7',
  helo: 'mx.example.net',
  reply: '250 2.0.0 Accepted jrn_1',
  reason: null,
  steps: [MAIL_OK],
  recipients: [],
  message_ids: [],
  ...values,
})
const linesOf = (values: Partial<JourneyDetailWire>): string[] => journeyText(journey(values)).split('\n')

describe('a printed journey has no empty line, whatever is missing', () => {
  it.each<[string, Partial<JourneyDetailWire>, string[]]>([
    [
      'accepted',
      {
        recipients: [{ address: 'bob@example.com', status: 'accepted', reply: '250 Ok', reason: null }],
        message_ids: ['msg_1'],
      },
      [
        `jrn_1  ${AT}  accepted`,
        'inbound from 198.51.100.7 (HELO mx.example.net)',
        '<ann@example.net> to <bob@example.com>',
        '250 2.0.0 Accepted jrn_1',
        '  bob@example.com: accepted 250 Ok',
        `  ${AT}  1 ms  mail <ann@example.net>: ok`,
        'stored as msg_1',
      ],
    ],
    [
      'MAIL refused for its size',
      {
        status: 'refused',
        to: [],
        reason: 'too_large',
        reply: '552 5.3.4 Too large',
        steps: [MAIL_OK, step('mail', 'MAIL', 'refused', 'too_large')],
      },
      [
        `jrn_1  ${AT}  refused (too_large)`,
        'inbound from 198.51.100.7 (HELO mx.example.net)',
        '<ann@example.net> to nobody: refused at MAIL, before any recipient',
        '552 5.3.4 Too large',
        `  ${AT}  1 ms  mail <ann@example.net>: ok`,
        `  ${AT}  1 ms  mail MAIL: refused too_large`,
      ],
    ],
  ])('%s', (_kind, values, lines) => {
    expect(linesOf(values)).toEqual(lines)
  })

  it.each<[string, Partial<JourneyDetailWire>, string]>([
    [
      'an invalid MAIL',
      { from: '', to: [], status: 'refused', steps: [step('mail', 'MAIL', 'refused', 'syntax')] },
      'an invalid sender to nobody: refused at MAIL, before any recipient',
    ],
    [
      'MAIL deferred while the database was unreachable',
      { to: [], status: 'deferred', steps: [step('mail', 'MAIL', 'deferred', 'internal')] },
      '<ann@example.net> to nobody: refused at MAIL, before any recipient',
    ],
    [
      'a bounce',
      { from: '', steps: [step('mail', '<>', 'ok')] },
      '<> (null sender, as in a bounce) to <bob@example.com>',
    ],
    ['an invalid RCPT', { to: [''] }, '<ann@example.net> to an invalid address'],
    ['a client that disconnected', { to: [], status: 'aborted' }, '<ann@example.net> to nobody: no RCPT was sent'],
    [
      'an import of a message without From',
      { from: '', direction: 'internal', steps: [step('store', 'import', 'ok')] },
      'no sender (none in the header) to <bob@example.com>',
    ],
  ])('names sender and recipients: %s', (_kind, values, line) => {
    expect(linesOf(values)[2]).toBe(line)
  })

  it('names the client, with or without a HELO name', () => {
    expect(linesOf({ helo: '' })[1]).toBe('inbound from 198.51.100.7 (no HELO)')
    expect(linesOf({ direction: 'internal', remote_address: '', helo: '' })[1]).toBe('internal, without a client')
  })

  it('names an invalid recipient', () => {
    const refused = { address: '', status: 'refused', reply: '501 5.1.3 Bad recipient', reason: 'syntax' } as const
    expect(linesOf({ to: [''], recipients: [refused] })).toContain(
      '  an invalid address: refused 501 5.1.3 Bad recipient (syntax)',
    )
  })

  it('leaves no table cell empty', () => {
    const refused = journey({ from: '', to: [], steps: [step('mail', 'MAIL', 'refused', 'syntax')] })
    expect([senderCell(refused), recipientsCell(refused)]).toEqual(['-', '-'])
    const bounce = journey({ from: '', steps: [step('mail', '<>', 'ok')] })
    expect([senderCell(bounce), recipientsCell(bounce)]).toEqual(['<>', '<bob@example.com>'])
  })
})
