import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStructured } from './params.ts'

function params(text: string) {
  return Object.fromEntries(parseStructured(text).params)
}

describe('parseStructured', () => {
  it('reads value, parameters, quotes and comments', () => {
    expect(parseStructured('Text/Plain (a ; comment); Charset = "utf-8"; format=flowed;').value).toBe('text/plain')
    expect(params('Text/Plain; Charset = "utf-8"; format=flowed;')).toEqual({ charset: 'utf-8', format: 'flowed' })
    expect(params(String.raw`a/b; name="a\"b;c.txt"`)).toEqual({ name: 'a"b;c.txt' })
    expect(params('a/b; name=file (1).txt')).toEqual({ name: 'file (1).txt' })
    expect(params(String.raw`a/b; name="C:\dir\x.txt"`)).toEqual({ name: String.raw`C:\dir\x.txt` })
  })

  it.each([
    ["x; filename*=utf-8'ja'%E6%97%A5.txt", '日.txt'],
    ["x; filename*=''plain.txt", 'plain.txt'],
    ['x; filename*=%E6%97%A5', '日'],
    ["x; filename=old.txt; filename*=utf-8''%E6%96%B0", '新'],
    ['x; filename*0="a"; filename*2=c; filename*1="b"', 'abc'],
    ["x; filename*0*=utf-8''%E6%97; filename*1*=%A5; filename*2=%20", '日%20'],
    ['x; filename*0="=?utf-8?B?5pel"; filename*1="5pys?="', '日本'],
    ['x; filename="=?utf-8?Q?=E6=97=A5?= =?utf-8?Q?=E6=9C=AC?="', '日本'],
    ["x; filename*=utf-8''%ZZ%4", '%ZZ%4'],
  ])('%s', (text, name) => expect(params(text)).toEqual({ filename: name }))

  it('treats names of inherited object properties like any other', () => {
    expect(parseStructured('x; __proto__=a; constructor=b').params.get('__proto__')).toBe('a')
    expect(parseStructured('x').params.get('constructor')).toBeUndefined()
  })

  it('never throws', () => {
    const unit = fc.constantFrom('"', '\\', ';', '=', '*', "'", '(', ')', '%', 'a', '0', ' ', '=?utf-8?q?', '?=', 'é')
    fc.assert(fc.property(fc.array(unit), (units) => void parseStructured(units.join(''))))
  })
})
