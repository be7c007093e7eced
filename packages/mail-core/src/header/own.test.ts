import { describe, expect, it } from 'vitest'
import { createIdFactory } from '../id.ts'
import { fakeIds } from '../testing/index.ts'
import { claimsOurResults, isOwnReceived } from './index.ts'

const HOST = 'mail.example.com'
const ID = createIdFactory(fakeIds())('jrn')
const own = (protocol: string, by = HOST, id: string = ID) =>
  `from mx.example.net (mx.example.net [192.0.2.1]) by ${by} with ${protocol} id ${id} for <a@example.com>; Fri, 2 Jan 2026 03:04:05 +0000`

describe('our own Received field', () => {
  it.each([
    [own('ESMTP'), true],
    [own('SMTP', 'MAIL.example.com'), true],
    [own('UTF8SMTPS'), true],
    // Our user's mail, back from a mailing list.
    [own('ESMTPSA'), false],
    [own('UTF8SMTPSA'), false],
    [own('ESMTP', 'mail.example.net'), false],
    [own('ESMTP', HOST, '4XyZ123'), false],
    [`from x (by ${HOST} id ${ID}) by other.example with ESMTP id 1`, false],
    [`from x; by ${HOST} id ${ID}`, false],
    [`by ${HOST}`, false],
    ['', false],
  ])('%s: %s', (field, expected) => {
    expect(isOwnReceived(field, HOST)).toBe(expected)
  })
})

describe('Authentication-Results in our name', () => {
  it.each([
    [`${HOST}; spf=pass`, true],
    ['MAIL.Example.COM ; none', true],
    [`${HOST} 1; dkim=pass`, true],
    [`${HOST}.; dkim=pass`, true],
    [`"${HOST}"; spf=pass`, true],
    ['"mail.example\\.com"; spf=pass', true],
    [`(a (nested) \\) comment) ${HOST}(more); spf=pass`, true],
    ['(a comment that does not end', true],
    ['"a quote that does not end', true],
    ['mail(c).example.com; spf=pass', true],
    ['mail."example".com; spf=pass', true],
    ['mail . example\t.com; spf=pass', true],
    ['mail.example.com/1; spf=pass', true],
    ['mail.example.com, spf=pass', true],
    ['\u3000ｍail\u3002example.com; spf=pass', true],
    [Buffer.from('ｍail.example.com; spf=pass').toString('latin1'), true],
    ['other.example; spf=pass', false],
    ['mail.example.com1; spf=pass', false],
    [`other.example (a comment that does not end ${HOST}`, false],
    [`other.example (${HOST}); spf=pass`, false],
    [`x.${HOST}; spf=pass`, false],
    ['', false],
  ])('%s: %s', (value, expected) => {
    expect(claimsOurResults(value, HOST)).toBe(expected)
  })
})
