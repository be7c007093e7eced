import fc from 'fast-check'
import { dkimVerify } from 'mailauth'
import { beforeAll, expect, it } from 'vitest'
import { sign } from './index.ts'
import { check, lookupIn, NOW } from './testing/check.ts'
import { keysFor, type TestKeys } from './testing/keys.ts'

// We give mailauth the header and the body that we split ourselves: it must see what it would see by itself.

let keys: TestKeys
beforeAll(async () => (keys = await keysFor('x.example')))

/** No bare CR: SMTP refuses it, and mailauth drops it at the end of a header. */
const pieces = [
  'From: me@x.example',
  'from : you@y.example',
  'From\r\n : they@z.example',
  'Subject',
  ': x',
  '\r\n',
  '\r\n ',
  '\n',
  '\t',
  'no field',
  '--boundary',
  'Ünï: x',
  '__proto__: x',
  'DKIM-Signature: v=1; d=x.example; s=r; a=rsa-sha256; h=from; bh=x; b=x',
  'ARC-Seal: i=1; cv=none',
  'ARC-Authentication-Results: i=1; x; dmarc=pass',
  'Content-Type: multipart/mixed; boundary=b',
  '\0',
  'text ',
]
const anything = fc
  .array(fc.constantFrom(...pieces), { maxLength: 14 })
  .map((all) => Buffer.from(all.join(''), 'latin1'))

it('about any message, signed or not, mailauth finds the same by itself', async () => {
  await fc.assert(
    fc.asyncProperty(anything, anything, fc.boolean(), async (start, prefix, isSigned) => {
      const signedPart = Buffer.concat([start, Buffer.from('\r\nEnd: x\r\n\r\nx')])
      const signature = isSigned ? sign(signedPart, { keys: [keys.rsa], now: NOW }) : ''
      const message = Buffer.concat([Buffer.from('X: 1\r\n'), prefix, Buffer.from(signature), signedPart])
      const { lookup } = lookupIn(keys.records)
      const theirs = await dkimVerify(message, {
        resolver: lookup as never,
        strict: true,
        curTime: NOW,
      })
      const { dkim } = await check(message, keys.records)
      const results = theirs.results.map(({ status }) => status.result).filter((result) => result !== 'none')
      expect(dkim.signatures.map(({ result }) => result)).toEqual(results.slice(0, 10))
      expect(dkim.ignored).toBe(Math.max(results.length - 10, 0))
    }),
    { numRuns: 1500 },
  )
})

it('a message that we sign passes, whatever lines its header has', async () => {
  await fc.assert(
    fc.asyncProperty(anything, async (more) => {
      const message = Buffer.concat([Buffer.from('From: me@x.example\r\n'), more])
      const whole = Buffer.concat([Buffer.from(sign(message, { keys: [keys.ed25519], now: NOW })), message])
      const { dkim } = await check(whole, keys.records)
      expect(dkim.signatures[0]?.result).toBe('pass')
    }),
    { numRuns: 500 },
  )
})
