import { expect, it } from 'vitest'
import { LIMITS } from '../contract/limits.ts'
import { jsonObjectOf } from './body.ts'

const read = (json: string) =>
  jsonObjectOf({ headers: new Headers({ 'content-type': 'application/json' }) }, Buffer.from(json))

it.each([
  ['names', `{${Array.from({ length: 20_000 }, (_, at) => `"${at}":1`).join(',')}}`, 'PAYLOAD_TOO_LARGE'],
  ['values', `{"to":[${'1,'.repeat(40_000)}1]}`, 'PAYLOAD_TOO_LARGE'],
  ['objects', `{"attachments":[${'{},'.repeat(20_000)}{}]}`, 'PAYLOAD_TOO_LARGE'],
  ['lists', `{"to":[${'[],'.repeat(20_000)}[]]}`, 'PAYLOAD_TOO_LARGE'],
  ['levels', `{"to":${'['.repeat(1000)}${']'.repeat(1000)}}`, 'INVALID_REQUEST'],
  ['levels of objects', `${'{"to":'.repeat(1000)}1${'}'.repeat(1000)}`, 'INVALID_REQUEST'],
])('a body with too many %s is refused before it is parsed', (_, json, code) => {
  expect(() => read(json)).toThrow(expect.objectContaining({ code }) as Error)
})

it('the fullest draft passes, and what stands inside texts does not count', () => {
  const { recipients, attachments, headers, references } = LIMITS.draft
  const list = (length: number, value: unknown) => Array.from({ length }, () => value)
  const person = list(recipients, { name: 'Hana', address: 'hana@example.com' })
  const draft = {
    ...{ to: person, cc: person, bcc: person, reply_to: person },
    attachments: list(attachments, { filename: 'a', content_type: 'a/b', content: '', content_id: 'x', inline: true }),
    headers: list(headers, { name: 'X-A', value: '1' }),
    references: list(references, '<a@b>'),
    text: '"\\[{,:'.repeat(50_000),
    html: '\\',
  }
  expect(read(JSON.stringify(draft))).toEqual(draft)
})

it.each(['{"a', '{"a\\', '}}]]{', '{"a":"\\"}', ']'])('%s is no JSON', (json) => {
  expect(() => read(json)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }) as Error)
})

it('a text ends at its own quote, wherever escapes stand in it', () => {
  const escapes = ['', '\\"', '\\\\', '\\\\\\"', '\\u0022']
  for (let length = 60; length < 70; length += 1) {
    for (const [before, after] of escapes.flatMap((one) => escapes.map((two) => [one, two]))) {
      const fill = 'x'.repeat(length)
      const text = `"${fill}${before}${fill}${after}${','.repeat(31_000)}${before}"`
      expect(read(`{"a":${text},"b":${text}}`)).toEqual({
        a: JSON.parse(text) as string,
        b: JSON.parse(text) as string,
      })
      expect(() => read(`{"a":${text},"b":[${'1,'.repeat(31_000)}1]}`)).toThrow('names and values')
    }
  }
})

it('is read in linear time: 300,000 long texts before the only backslash', () => {
  expect(() => read(`${`"${'x'.repeat(70)}"`.repeat(300_000)}\\`)).toThrow('not valid JSON')
})
