import { expect, it } from 'vitest'
import { correspondent } from './mail.ts'

const read = (text: string) => {
  const { success, data } = correspondent().safeParse(text)
  return success ? [data.name, data.address] : null
}

it.each([
  ['ann@example.com', '', 'ann@example.com'],
  ['<ann@example.com>', '', 'ann@example.com'],
  ['Ann Example <ann@example.com>', 'Ann Example', 'ann@example.com'],
  ['"Example, Ann" <ann@example.com>', 'Example, Ann', 'ann@example.com'],
  [String.raw`"Ann \"A\" \\ E" <ann@example.com>`, String.raw`Ann "A" \ E`, 'ann@example.com'],
  ['"<boss@example.com>" <ann@example.com>', '<boss@example.com>', 'ann@example.com'],
  ['"Ann (Sales)"  (at home)  E <ann@example.com>', 'Ann (Sales) E', 'ann@example.com'],
  ['山田 花子 <hana@example.com>', '山田 花子', 'hana@example.com'],
])('an author is read from text: %s', (text, name, address) => {
  expect(read(text)).toEqual([name, address])
})

it.each(['Ann', 'a@example.com, b@example.com', 'Ann <a@example.com> <b@example.com>', '"Ann <a@example.com>', ''])(
  'text that is not one address is refused: %s',
  (text) => expect(read(text)).toBeNull(),
)
