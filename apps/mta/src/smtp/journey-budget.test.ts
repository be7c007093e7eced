import type { JourneyInput } from '@mairust/db/queries/accept'
import { silentLog } from '@mairust/log'
import { describe, expect, it } from 'vitest'
import { createJourneyBudget, JOURNEY_BUDGET, type JourneyRoom } from './journey-budget.ts'

const { perNetwork, inAll, perNetworkFirst, firsts, firstLines, perSender, senders, laterLines, perUser, userLines } =
  JOURNEY_BUDGET

function world(isSender: (remoteAddress: string) => boolean = () => false) {
  let now = 0
  const budget = createJourneyBudget({ exempt: () => [], isSender, now: () => now, log: silentLog })
  const take = (remoteAddress: string, about: Partial<JourneyInput> = {}): JourneyRoom =>
    budget.take({ ...refused, remoteAddress, ...about })
  /** Journeys of many networks. */
  const flood = (networks: number, each: number, about: Partial<JourneyInput> = {}) => {
    const rooms = { record: 0, line: 0, none: 0 }
    for (let at = 0; at < networks; at += 1)
      for (let journey = 0; journey < each; journey += 1)
        rooms[take(`10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`, about)] += 1
    return rooms
  }
  return { budget, take, flood, advance: (ms: number) => (now += ms) }
}

const recipient = { tenantId: 'ten_1', address: 'nobody@a.example', reply: '550 5.1.1 No such mailbox here' }
const refused: JourneyInput = {
  id: 'jrn_1',
  tenantId: 'system',
  userId: null,
  direction: 'inbound',
  status: 'refused',
  sender: '',
  remoteAddress: '192.0.2.1',
  helo: 'x',
  reply: recipient.reply,
  reason: '',
  steps: [],
  startedAt: new Date(0),
  recipients: [{ ...recipient, status: 'refused' }],
}
const abandoned: Partial<JourneyInput> = { status: 'aborted', recipients: [{ ...recipient, status: 'aborted' }] }

describe('the budget of journeys without a message', () => {
  it.each([
    ['that others abandoned', abandoned],
    ['of foreign recipients', { recipients: [] }],
    ['of recipients of ours', {}],
  ])('leaves room for the first refusals of each network, however many there are %s', (_which, about) => {
    const { take, flood } = world()
    expect(flood(110, perNetwork, about).line).toBeGreaterThan(0)
    for (let journey = 0; journey < perNetworkFirst; journey += 1) expect(take('192.0.2.1')).toBe('record')
  })

  it('is not spent on refusals by what clients abandon', () => {
    const { take, flood } = world()
    flood(110, perNetwork, abandoned)
    for (let journey = 0; journey < perNetwork; journey += 1) expect(take('192.0.2.1')).toBe('record')
    expect(take('192.0.2.1')).toBe('none')
  })

  it('is bounded in all, and logs the first refusals of more networks than it records', () => {
    const { budget, take, flood, advance } = world()
    const rooms = flood(20_000, perNetworkFirst + 1)
    expect(rooms.record).toBeLessThanOrEqual(inAll + 2 * firsts)
    expect(rooms.line).toBeGreaterThanOrEqual(firstLines)
    expect(rooms.line).toBeLessThanOrEqual(2 * (firstLines + laterLines))
    expect(budget.dropped).toBe(rooms.line + rooms.none)
    advance(3_600_000)
    expect(take('10.0.0.1')).toBe('record')
  })

  it('logs a first refusal also when it is not recorded', () => {
    const { take, flood } = world()
    flood(2500, perNetworkFirst)
    const rooms = [1, 2, 3].map((at) => take(`192.0.2.${at}`))
    expect(rooms).not.toContain('none')
    expect(rooms).toContain('line')
  })
  it('records the refusals of networks that deliver mail, and logs those of others, beyond the first ones too', () => {
    const { take, flood } = world((remoteAddress) => remoteAddress.startsWith('192.0.2.'))
    const many = (remoteAddress: string, times: number) => Array.from({ length: times }, () => take(remoteAddress))
    many('192.0.2.1', 12)
    many('198.51.100.1', 12)
    flood(100, 50)
    expect(new Set(many('192.0.2.1', 12))).toEqual(new Set(['record']))
    expect(new Set(many('198.51.100.1', 12))).toEqual(new Set(['line']))
    // Not even a flood from addresses that have bought their mail’s acceptance spends what strangers’ first ones have.
    const bought = world((remoteAddress) => remoteAddress.startsWith('10.'))
    const rooms = bought.flood(400, perSender)
    expect(rooms.record).toBeLessThanOrEqual(inAll + 2 * (firsts + senders))
    expect(bought.take('192.0.2.1')).toBe('record')
  })

  it('is one of each user wherever he is, apart from those of strangers and other users', () => {
    const { take, advance } = world()
    const of = (userId: string, times: number) =>
      Array.from({ length: times }, (_, at) => take(`192.0.2.${at % 200}`, { userId }))
    const flood = of('usr_1', 50_000)
    expect(flood.filter((room) => room === 'record')).toHaveLength(perUser)
    expect(flood.filter((room) => room === 'line').length).toBeLessThanOrEqual(2 * userLines)
    expect(new Set(of('usr_2', perUser))).toEqual(new Set(['record']))
    expect(take('192.0.2.1')).toBe('record')
    advance(3_600_000)
    expect(take('192.0.2.1', { userId: 'usr_1' })).toBe('record')
  })
})
