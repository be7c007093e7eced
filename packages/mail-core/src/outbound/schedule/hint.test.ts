import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryHostileText } from '../../testing/index.ts'
import { retryHint } from './index.ts'

describe('O35 a hint', () => {
  it.each<[string, number]>([
    ['Greylisted, please try again in 300 seconds', 300],
    ['try again in 5 minutes', 300],
    ['Please retry after 2 min', 120],
    ['Recipient address rejected: Greylisted for 5 minutes', 300],
    ['example.com greylisted for 60 seconds by ZEROSPAM', 60],
    ['Greylisting in action, please come back in 00:04:32', 272],
    ['Too many connections; wait 90 sec', 90],
    ['please retry 15 minutes later', 900],
    ['try again in 1 hour and 30 minutes', 5400],
    ['please try again in 4m 59s', 299],
    ['try again in one hour', 3600],
    ['Try again in AN HOUR', 3600],
    ['bitte erneut: try again in 10 Minuten', 600],
    ['しばらく経ってから、5分後に再送してください', 300],
    ['３０秒後に再度お試しください', 30],
    ['1時間以上お待ちください', 3600],
    ['10 分ほど間をあけて再送してください', 600],
  ])('in %j is %d s', (text, seconds) => {
    expect(retryHint(text)).toBe(seconds)
  })

  it.each([
    'Try again later',
    'Try again later. You may send 10 messages in 60 minutes',
    'You sent 500 messages in 60 minutes',
    'try again later; see RFC 5321',
    'mailbox full, 30 days old',
    '2時の会議',
    'bitte in 10 Minuten again',
    'Greylisted, see http://postgrey.schweikert.ch/help/example.com.html',
    '',
  ])('is not in %j', (text) => {
    expect(retryHint(text)).toBe(null)
  })

  it('is at least 10 seconds and at most 6 hours', () => {
    expect(retryHint('try again in 1 second')).toBe(10)
    expect(retryHint('try again in 48 hours')).toBe(21_600)
    expect(retryHint('try again in 999999 hours')).toBe(21_600)
    expect(retryHint('try again in 0 seconds')).toBe(10)
  })

  it('is null or within the bounds for any text', () => {
    const words = fc.constantFrom('try again', 'in', '5', '99999', 'minutes', 'h', ':', '00:01:02', '分', '後', 'wait')
    const text = fc.oneof(
      arbitraryHostileText,
      fc.array(words, { maxLength: 20 }).map((list) => list.join(' ')),
    )
    fc.assert(
      fc.property(text, (words) => {
        const seconds = retryHint(words)
        if (seconds === null) return
        expect(seconds).toBeGreaterThanOrEqual(10)
        expect(seconds).toBeLessThanOrEqual(21_600)
      }),
    )
  })
})
