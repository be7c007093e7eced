import { expect, test } from 'vitest'
import { contentDisposition } from './answers.ts'

test('the name of a download cannot disguise its type, whatever was stored', () => {
  expect(contentDisposition('attachment', 'photo\u202Egpj.exe')).toBe('attachment; filename="photogpj.exe"')
  expect(contentDisposition('inline', 'דו\u2067ח.pdf')).toBe(
    `inline; filename="___.pdf"; filename*=UTF-8''${encodeURIComponent('דוח')}.pdf`,
  )
})
