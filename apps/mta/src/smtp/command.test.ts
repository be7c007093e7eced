import { expect, it } from 'vitest'
import { isAuthResponse, parsePathCommand } from './command.ts'

it('a path command is split into path and parameters', () => {
  const parse = (line: string) => parsePathCommand(Buffer.from(line))
  expect(parse('MAIL FROM:<a@b> SIZE=10  body=8BITMIME SMTPUTF8 ')).toEqual({
    path: '<a@b>',
    params: [
      ['SIZE', '10'],
      ['body', '8BITMIME'],
      ['SMTPUTF8', true],
    ],
  })
  expect(parse('rcpt to: <"a > b"@c>')).toEqual({ path: '<"a > b"@c>', params: [] })
  expect(parse('MAIL FROM:<> ENVID=a+2Bb')?.params).toEqual([['ENVID', 'a+b']])
  expect(parse('MAIL FROM:<> ENVID=a+')?.params).toBeNull()
  for (const line of [
    'MAIL FROM:a@b',
    'MAIL FROM:<a@b',
    'MAIL FROM:<a b@c>',
    'MAIL FROM:<a@b>SIZE=1',
    'MAILFROM:<a@b>',
    'MAIL <a@b>',
  ]) {
    expect(parse(line)).toBeNull()
  }
})

it('an AUTH response is base64, = or *', () => {
  for (const text of ['', '*', '=', 'YQ==', 'YWI=', 'YWJj']) expect(isAuthResponse(text)).toBe(true)
  for (const text of ['a', 'YQ', 'YQ=', 'Y=Q=', 'secret password', '**', 'YWJj\u00e9'])
    expect(isAuthResponse(text)).toBe(false)
})
