import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseReversePath } from '../../address/index.ts'
import { readReturned } from './index.ts'

const folder = new URL('fixtures/', import.meta.url)
/** Mail from people and their programs has a sender; all else comes from `<>`. */
const FROM_SOMEBODY = new Set([
  'reply-by-person',
  'forwarded-bounce',
  'ticket',
  'vacation-unix',
  'outlook-junk',
  'arf-abuse',
])
const sender = parseReversePath('<bob@remote.example>')

const SAMPLES = readFileSync(new URL('expected.txt', folder), 'utf8')
  .split('\n')
  .filter((line) => /^[a-z]/.test(line))
  .map((line) => {
    const [name = '', kind = '', format = '', recipients = ''] = line.split('|').map((part) => part.trim())
    const raw = readFileSync(new URL(`${name}.eml`, folder))
    const reversePath = FROM_SOMEBODY.has(name) && sender.ok ? sender.value : null
    return { name, kind, format, recipients, raw, got: readReturned(raw, { reversePath }) }
  })

describe('O48 the corpus of returned mail', () => {
  it('has every sample of the folder, over 60 of over 20 kinds', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.eml'))
    expect(files.map((file) => file.slice(0, -4)).sort()).toEqual(SAMPLES.map(({ name }) => name).sort())
    expect(SAMPLES.length).toBeGreaterThanOrEqual(60)
    expect(new Set(SAMPLES.map(({ got }) => got.format)).size).toBeGreaterThanOrEqual(20)
  })

  it('is recognised, 95 of 100 at least: kind, recipients, actions and classes', () => {
    const results = SAMPLES.map(({ name, kind, format, recipients, got }) => {
      const found = got.recipients
        .map((each) => `${each.address || '-'} ${each.action} ${each.class ?? '-'}`)
        .join(', ')
      const want = `${kind} | ${format === '*' ? got.format : format} | ${recipients}`
      return { name, want, have: `${got.kind} | ${got.format} | ${found}` }
    })
    const wrong = results.filter(({ want, have }) => want !== have)
    const report = wrong.map(({ name, want, have }) => `${name}\n  is  ${want}\n  not ${have}`)
    expect(wrong.length / SAMPLES.length, report.join('\n')).toBeLessThanOrEqual(0.05)
    // What is certain must stay so: nothing that is no bounce counts as one.
    expect(wrong.filter(({ want, have }) => !want.startsWith('bounce') && have.startsWith('bounce'))).toEqual([])
  })

  it('O47 names the message that came back, where a copy of it does', () => {
    for (const { name, raw, got } of SAMPLES) {
      const isEncoded = raw.includes('Transfer-Encoding: base64')
      if (raw.includes('original@sender.example') || (isEncoded && got.messageIds.length > 0)) {
        expect(got.messageIds[0], name).toBe('original@sender.example')
      }
    }
  })

  it('takes lines that end with CRLF as it takes those that end with LF', () => {
    for (const { name, raw, got } of SAMPLES) {
      const crlf = Buffer.from(raw.toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1')
      const reversePath = FROM_SOMEBODY.has(name) && sender.ok ? sender.value : null
      expect(readReturned(crlf, { reversePath }), name).toEqual(got)
    }
  })
})
