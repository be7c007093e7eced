import { describe, expect, it } from 'vitest'
import { parseAddress } from '../address/index.ts'
import { fitMessage, type MessageNeeds, type Offers } from './capability.ts'
import { failures } from './failure.ts'

const address = (text: string) => {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}
const ALL: Offers = { size: 10_000, eightBitMime: true, smtpUtf8: true }
const fit = (recipients: string[], offers: Partial<Offers> = {}, needs: Partial<MessageNeeds> = {}) =>
  fitMessage(
    {
      size: 1000,
      eightBit: false,
      sender: address('ann@example.org'),
      recipients: recipients.map((text) => ({ id: text, address: address(text) })),
      ...needs,
    },
    { ...ALL, ...offers },
  )

describe('a message and what a server offers', () => {
  it('O9 says SMTPUTF8 only when an address needs it; a domain in A-labels does not', () => {
    expect(fit(['bob@例え.jp'])).toMatchObject({ smtpUtf8: false, body: '7bit' })
    expect(fit(['山田@例え.jp', 'bob@example.com']).smtpUtf8).toBe(true)
    expect(fit(['bob@example.com'], {}, { sender: address('山田@example.org') }).smtpUtf8).toBe(true)
    expect(fit(['bob@example.com'], {}, { sender: null }).smtpUtf8).toBe(false)
  })

  it('O9 refuses for that recipient only when the server lacks it: 5.6.7', () => {
    const { refused, smtpUtf8 } = fit(['山田@example.com', 'bob@example.com'], { smtpUtf8: false })
    expect([...refused]).toEqual([['山田@example.com', failures.utf8Unsupported]])
    expect(smtpUtf8).toBe(false)
    expect(failures.utf8Unsupported.reply.enhanced).toBe('5.6.7')
    expect(fit(['bob@example.com'], { smtpUtf8: false }, { sender: address('é@example.org') }).refused.size).toBe(1)
  })

  it('O15 refuses for all without sending when the message is over the limit: 5.3.4', () => {
    expect([...fit(['a@example.com', 'b@example.com'], { size: 999 }).refused.values()]).toEqual([
      failures.tooLarge,
      failures.tooLarge,
    ])
    expect(failures.tooLarge.reply.enhanced).toBe('5.3.4')
    expect(fit(['a@example.com'], { size: 0 }).refused.size).toBe(0)
    expect(fit(['a@example.com'], { size: null }).refused.size).toBe(0)
    expect(fit(['a@example.com'], { size: 1000 }).refused.size).toBe(0)
  })

  it('O15 is converted where 8-bit mail is not taken, and never sent raw', () => {
    expect(fit(['a@example.com'], {}, { eightBit: true }).body).toBe('8bitmime')
    expect(fit(['a@example.com'], { eightBitMime: false }, { eightBit: true }).body).toBe('convert')
    expect(fit(['a@example.com'], { eightBitMime: false }).body).toBe('7bit')
  })
})
