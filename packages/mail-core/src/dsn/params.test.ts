import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Notify, parseMailParams, parseRcptParams, splitParams } from '../smtp/index.ts'
import { dsnMailParams, dsnRcptParams } from './index.ts'
import { decodeUtf8Address, encodeUtf8Address } from './xtext.ts'

const printable = fc.stringMatching(/^[\x20-\x7e]{1,100}$/)

describe('O45 requests for DSNs', () => {
  it('are written as they came', () => {
    expect(dsnMailParams({ ret: 'hdrs', envid: 'QQ 314+159' })).toBe(' RET=HDRS ENVID=QQ+20314+2B159')
    expect(dsnRcptParams({ notify: [], orcpt: null })).toBe(' NOTIFY=NEVER')
    expect(dsnRcptParams({ notify: ['success', 'delay'], orcpt: { type: 'rfc822', address: 'a=b@example.org' } })).toBe(
      ' NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+3Db@example.org',
    )
    // However a utf-8 address came, it needs no SMTPUTF8 to go on.
    for (const address of ['用+a@example.jp', '\\x{7528}\\x{2B}a@example.jp'])
      expect(dsnRcptParams({ notify: null, orcpt: { type: 'utf-8', address } })).toBe(
        ' ORCPT=utf-8;\\x{7528}\\x{2B}a@example.jp',
      )
    expect(dsnMailParams({ ret: null, envid: null }) + dsnRcptParams({ notify: null, orcpt: null })).toBe('')
  })

  it('are read by the next server as we read them', () => {
    const notify = fc.option(fc.uniqueArray(fc.constantFrom<Notify>('success', 'failure', 'delay')))
    const ret = fc.option(fc.constantFrom('full' as const, 'hdrs' as const))
    fc.assert(
      fc.property(fc.record({ ret, envid: fc.option(printable) }), notify, printable, (mail, asked, text) => {
        const offers = { dsn: true }
        expect(parseMailParams(splitParams(dsnMailParams(mail)) ?? [], offers)).toMatchObject({
          ok: true,
          params: mail,
        })
        const rcpt = { notify: asked, orcpt: { type: 'rfc822', address: text } }
        expect(parseRcptParams(splitParams(dsnRcptParams(rcpt)) ?? [], offers)).toEqual({ ok: true, params: rcpt })
      }),
    )
  })

  it('have addresses in other scripts in ASCII (RFC 6533 §3)', () => {
    expect(encodeUtf8Address('山田+a@example.jp')).toBe('\\x{5C71}\\x{7530}\\x{2B}a@example.jp')
    expect(decodeUtf8Address('\\x{D800}\\x{110000}\\x{0A}')).toBe('\\x{D800}\\x{110000}\\x{0A}')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const clean = text.replaceAll(/\p{Cc}/gu, '')
        expect(encodeUtf8Address(clean)).toMatch(/^[\x21-\x7e]*$/)
        expect(decodeUtf8Address(encodeUtf8Address(clean))).toBe(clean)
      }),
    )
  })
})
