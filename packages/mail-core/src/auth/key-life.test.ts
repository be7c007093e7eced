import { describe, expect, it } from 'vitest'
import { type KeyFacts, type KeySighting, keySteps } from './index.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const DAY = 86_400_000
const ago = (days: number) => new Date(NOW.getTime() - days * DAY)
const key = (id: string, state: KeyFacts['state'], given: Partial<KeyFacts> = {}): KeyFacts => ({
  id,
  algorithm: 'rsa-sha256',
  state,
  createdAt: ago(1 / 48),
  retiredAt: null,
  isReadable: true,
  ...given,
})
const steps = (keys: readonly KeyFacts[], sightings: Record<string, KeySighting> = {}) =>
  keySteps(keys, new Map(Object.entries(sightings)), NOW)

describe('a pending key', () => {
  it('signs once its record is published, and the old one of its algorithm retires', () => {
    const keys = [key('old', 'active'), key('other', 'active', { algorithm: 'ed25519-sha256' }), key('new', 'pending')]
    expect(steps(keys, { new: 'published' })).toEqual([
      { id: 'old', kind: 'retire', dueAt: new Date(NOW.getTime() + 10 * DAY) },
      { id: 'new', kind: 'activate', dueAt: null },
    ])
  })

  it('never replaces a key while DNS says that its record is missing', () => {
    const keys = [key('old', 'active'), key('new', 'pending', { createdAt: ago(400) })]
    expect(steps(keys, { new: 'missing' })).toMatchObject([{ id: 'new', kind: 'wait' }])
  })

  it('signs after three days in which DNS said nothing', () => {
    expect(steps([key('new', 'pending', { createdAt: ago(2.9) })], { new: 'unknown' })).toMatchObject([
      { kind: 'wait' },
    ])
    expect(steps([key('new', 'pending', { createdAt: ago(3) })], { new: 'unknown' })).toMatchObject([
      { kind: 'activate' },
    ])
  })

  it.each([
    [0.5, 5],
    [2, 60],
    [20, 360],
  ])('that is %s days old is looked up every %s minutes', (days, minutes) => {
    const dueAt = new Date(NOW.getTime() + minutes * 60_000)
    expect(steps([key('new', 'pending', { createdAt: ago(days) })], { new: 'missing' })).toEqual([
      { id: 'new', kind: 'wait', dueAt },
    ])
  })

  it('stays as it is when nobody asked for it', () => {
    expect(steps([key('new', 'pending')])).toEqual([])
  })
})

describe('a retired key', () => {
  it('stays published longer than its signatures count, seven days', () => {
    expect(steps([key('old', 'retired', { retiredAt: ago(9) })])).toMatchObject([{ kind: 'wait', dueAt: ago(-1) }])
    expect(steps([key('old', 'retired', { retiredAt: ago(10) })])).toEqual([{ id: 'old', kind: 'remove' }])
  })
})

it('a key that cannot be read signs no more', () => {
  const lost = { isReadable: false }
  expect(steps([key('a', 'active', lost), key('p', 'pending', lost)], { p: 'published' })).toMatchObject([
    { id: 'a', kind: 'retire' },
    { id: 'p', kind: 'remove' },
  ])
})

it('an active key stays as it is', () => {
  expect(steps([key('a', 'active', { createdAt: ago(1000) })])).toEqual([])
})
