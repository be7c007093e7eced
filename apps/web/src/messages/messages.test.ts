import { expect, test } from 'vitest'

import en from './en.json'
import ja from './ja.json'

function flatten(value: object, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null
      ? flatten(inner, `${prefix}${key}.`)
      : [[prefix + key, String(inner)] as [string, string]],
  )
}
const argumentsOf = (text: string) =>
  new Set([...text.matchAll(/(?<!(?:one|other|=\d) )\{(\w+)[,}]/g)].map((match) => match[1]))

const english = flatten(en)
const japanese = new Map(flatten(ja))

test('both languages have the same texts', () => {
  expect([...japanese.keys()].sort()).toEqual(english.map(([key]) => key).sort())
})

test('both languages use the same values', () => {
  const names = (text: string | undefined) => [...argumentsOf(text ?? '')].sort().join()
  const different = english.filter(([key, text]) => names(text) !== names(japanese.get(key)))
  expect(different).toEqual([])
})

const SAME = new Set([
  'app.name',
  'preferences.languages.en',
  'preferences.languages.ja',
  'reader.cc',
  'reader.bcc',
  'trace.fields.message_id',
  'trace.fromTo',
])

test('nothing is left untranslated or empty', () => {
  expect(english.filter(([key, text]) => text.trim() === '' || (text === japanese.get(key) && !SAME.has(key)))).toEqual(
    [],
  )
  expect(
    [...japanese].filter(
      ([key, text]) => !SAME.has(key) && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text),
    ),
  ).toEqual([])
})
