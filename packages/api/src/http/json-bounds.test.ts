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
