import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { remoteReply } from './remote-reply.ts'

const reply = (...lines: string[]) => remoteReply(lines.map((line) => Buffer.from(line)))

describe('a remote’s reply', () => {
  it('is a code, an enhanced code and a text', () => {
    expect(reply('550 5.1.1 No such user')).toEqual({ code: 550, enhanced: '5.1.1', text: 'No such user' })
    expect(reply('250 Ok')).toEqual({ code: 250, enhanced: null, text: 'Ok' })
    expect(reply('250')).toEqual({ code: 250, enhanced: null, text: '' })
  })

  it('O13 is one text of several lines, with the enhanced code taken out of each', () => {
    expect(reply('550-5.7.26 This mail has been blocked', '550-5.7.26', '550 5.7.26 because. 12si - gsmtp')).toEqual({
      code: 550,
      enhanced: '5.7.26',
      text: 'This mail has been blocked because. 12si - gsmtp',
    })
  })

  it('O13 is kept when it is long or not ASCII', () => {
    expect(reply(`550 ${'x'.repeat(3000)}`)?.text).toHaveLength(3000)
    expect(reply(`550 ${'x'.repeat(90_000)}`)?.text).toHaveLength(4000)
    expect(reply('550 宛先が存在しません')?.text).toBe('宛先が存在しません')
    expect(remoteReply([Buffer.from('550 Bo\xeete pleine', 'latin1')])?.text).toBe('Boîte pleine')
  })

  it('O13 has the code of its last line', () => {
    expect(reply('250-one', '451 two')).toMatchObject({ code: 451, text: 'one two' })
    expect(reply('550-first', 'no code here', '550 last')).toMatchObject({ code: 550, text: 'first no code here last' })
  })

  it('has the enhanced code as qmail and some filters write it, and none of another class', () => {
    expect(reply('553 sorry, no mailbox here by that name (#5.1.1)')?.enhanced).toBe('5.1.1')
    expect(reply('550 cuda_nsu 5.1.1 <> rejected')).toMatchObject({ enhanced: '5.1.1', text: '<> rejected' })
    expect(reply('550 #5.1.0 Address rejected.')).toMatchObject({ enhanced: '5.1.0', text: 'Address rejected.' })
    expect(reply('550 4.1.1 zzz')).toEqual({ code: 550, enhanced: null, text: '4.1.1 zzz' })
    expect(reply('550 5.1.1.7 is blocked')?.enhanced).toBe(null)
  })

  it('is none without a code', () => {
    expect(reply('hello')).toBe(null)
    expect(reply('')).toBe(null)
    expect(remoteReply([])).toBe(null)
    expect(reply('999 zzz')).toBe(null)
    expect(reply('55x zzz')).toBe(null)
  })

  it('O13 never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
        fc.integer({ min: 200, max: 599 }),
        (lines, code) => {
          remoteReply(lines)
          expect(remoteReply([...lines, Buffer.from(`${code} x`)])?.code).toBe(code)
        },
      ),
    )
  })
})
