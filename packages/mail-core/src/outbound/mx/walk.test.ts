import { describe, expect, it } from 'vitest'
import type { PlannedAddress } from './addresses.ts'
import { type AddressTry, nextAddress } from './walk.ts'

const plan: PlannedAddress[] = ['2a00::1', '9.0.0.1', '2a00::2', '9.0.0.2'].map((address) => ({
  host: 'mx.example',
  preference: 0,
  address,
  family: address.includes(':') ? 6 : 4,
}))
const next = (...tries: [string, AddressTry['end'], boolean?][]) =>
  nextAddress(
    plan,
    tries.map(([address, end, familyRefused = false]) => ({ address, end, familyRefused })),
  )?.address ?? null

describe('an attempt', () => {
  it('goes through the plan in order', () => {
    expect(next()).toBe('2a00::1')
    expect(next(['2a00::1', 'no_session'])).toBe('9.0.0.1')
    expect(
      next(['2a00::1', 'no_session'], ['9.0.0.1', 'no_session'], ['2a00::2', 'no_session'], ['9.0.0.2', 'no_session']),
    ).toBe(null)
  })

  it('O8 ends after two sessions', () => {
    expect(next(['2a00::1', 'session'])).toBe('9.0.0.1')
    expect(next(['2a00::1', 'session'], ['9.0.0.1', 'session'])).toBe(null)
  })

  it('O7 leaves out IPv6 without a route to it', () => {
    expect(next(['2a00::1', 'no_route'], ['9.0.0.1', 'no_session'])).toBe('9.0.0.2')
  })

  it('O7 goes on by IPv4 in the same attempt when a host refuses our IPv6', () => {
    expect(next(['9.0.0.1', 'session'], ['2a00::1', 'session', true])).toBe('9.0.0.2')
  })
})
