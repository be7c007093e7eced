import { smtpReply } from '../../smtp/index.ts'
import { type Refusal, refusalOf, type SiteSignal } from '../outcome/index.ts'
import { afterSession, type SiteSettings, type SiteState } from './index.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const settings: SiteSettings = { start: 3, max: { concurrency: 20, perMinute: null } }
export const at = (now: number, rest: Partial<Parameters<typeof afterSession>[2]> = {}) => ({
  settings,
  site: 'mx.example',
  source: '192.0.2.1',
  startedAt: now,
  now,
  ...rest,
})
export const asked = (now: number, running = 0) => ({ settings, source: '192.0.2.1', running, now })
export const refusal = (text: string): Refusal => refusalOf(smtpReply(451, '4.7.1', text), 'rcpt', { provider: null })
export const delivered: SiteSignal = { kind: 'delivered' }
export const unreachable: SiteSignal = { kind: 'unreachable', refusal: refusal('no answer') }
export const slow = (hintSeconds: number | null = null): SiteSignal => ({
  kind: 'slow_down',
  refusal: refusal('too many messages'),
  hintSeconds,
})
export const listed: SiteSignal = { kind: 'pause_source', refusal: refusal('blocked using zen.spamhaus.org') }
export const after = (state: SiteState, signal: SiteSignal, now = 0, times = 1) =>
  Array.from({ length: times }).reduce<SiteState>((current) => afterSession(current, [signal], at(now)).state, state)
