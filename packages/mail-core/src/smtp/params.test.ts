import { describe, expect, it } from 'vitest'
import type { ParamEntry } from './params.ts'
import { decodeXtext, parseMailParams, parseRcptParams, splitParams } from './params.ts'

const DSN = { dsn: true }
const mail = (text: string, offers = DSN) => parseMailParams(splitParams(text) ?? [], offers)
const rcpt = (text: string, offers = DSN) => parseRcptParams(splitParams(text) ?? [], offers)

describe('MAIL parameters', () => {
  it('are case-insensitive', () => {
    expect(mail(' size=1000  body=8BITMIME SmtpUtf8 RET=hdrs ENVID=a+2Bb AUTH=<> ')).toEqual({
      ok: true,
      params: { size: 1000, body: '8bitmime', smtputf8: true, ret: 'hdrs', envid: 'a+b' },
    })
    expect(mail('BODY=7bit RET=FULL')).toMatchObject({ ok: true, params: { body: '7bit', ret: 'full', size: null } })
    expect(mail('')).toMatchObject({ ok: true, params: { size: null, body: '7bit', smtputf8: false } })
  })

  it.each([
    'SIZE',
    'SIZE=',
    'SIZE=-1',
    'SIZE=1e3',
    'SIZE=1 SIZE=1',
    'SIZE=123456789012345678901',
    'BODY=BINARYMIME',
    'BODY',
    'SMTPUTF8=yes',
    'RET=ALL',
    `ENVID=${'a'.repeat(101)}`,
    'ENVID=+0D+0A',
    'AUTH',
    '=x',
    'a_b=1',
  ])('501 for %s', (text) => {
    expect(mail(text)).toMatchObject({ ok: false, reply: { code: 501, enhanced: '5.5.4' } })
  })

  it('555 for an unknown one, and for one of an extension not offered', () => {
    expect(mail('X-FOO=1')).toMatchObject({ ok: false, keyword: 'X-FOO', reply: { code: 555 } })
    expect(mail('RET=FULL', { dsn: false })).toMatchObject({ ok: false, reply: { code: 555 } })
    expect(mail('__proto__=1')).toMatchObject({ ok: false })
    expect(mail('constructor=1')).toMatchObject({ ok: false, reply: { code: 555 } })
  })
})

describe('RCPT parameters', () => {
  it('are read', () => {
    expect(rcpt('NOTIFY=success,Failure,SUCCESS ORCPT=rfc822;a+3Db@example.com')).toEqual({
      ok: true,
      params: { notify: ['success', 'failure'], orcpt: { type: 'rfc822', address: 'a=b@example.com' } },
    })
    expect(rcpt('NOTIFY=never')).toEqual({ ok: true, params: { notify: [], orcpt: null } })
  })

  it.each([
    'NOTIFY',
    'NOTIFY=',
    'NOTIFY=NEVER,DELAY',
    'NOTIFY=often',
    'ORCPT',
    'ORCPT=rfc822',
    'ORCPT=;a',
    'ORCPT=rfc822;',
    'ORCPT=r c;a',
  ])('501 for %s', (text) => {
    const entries: ParamEntry[] = text === 'ORCPT=r c;a' ? [['ORCPT', 'r c;a']] : (splitParams(text) ?? [])
    expect(parseRcptParams(entries, DSN)).toMatchObject({ ok: false, reply: { code: 501 } })
  })

  it('are unknown without DSN', () => {
    expect(rcpt('NOTIFY=never', { dsn: false })).toMatchObject({ ok: false, reply: { code: 555 } })
  })
})

it('xtext is decoded, or refused when malformed', () => {
  expect(decodeXtext('a+20b')).toBe('a b')
  expect(decodeXtext('a+2')).toBeNull()
  expect(decodeXtext('a+2b')).toBeNull()
  expect(splitParams('ENVID=+zz')).toBeNull()
})
