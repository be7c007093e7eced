import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterStyle } from './style.ts'

describe('a style', () => {
  it.each([
    ['color: red; font-size:12px', 'color:red;font-size:12px'],
    ['background-color:rgba(0, 0, 0, .5)', 'background-color:rgba(0, 0, 0, .5)'],
    ['font-family:"Segoe UI", メイリオ, sans-serif', 'font-family:"Segoe UI", メイリオ, sans-serif'],
    ['width:50%!important', 'width:50%!important'],
    ['COLOR:Red', 'color:Red'],
    ['background:#1a73e8', 'background-color:#1a73e8'],
    ['background: Navy', 'background-color:Navy'],
    ['background:rgb(0, 0, 0)!important', 'background-color:rgb(0, 0, 0)!important'],
    ['background: #fff url(https://x.example/white.png) no-repeat center', 'background-color:#fff'],
    ['background: url("a red one.png") top left / cover, rgba(1, 2, 3, .5)', 'background-color:rgba(1, 2, 3, .5)'],
    ['background:linear-gradient(to right, #123456, white)', 'background-color:#123456'],
    ['background:radial-gradient(circle, teal, white)', 'background-color:teal'],
    ['font:normal 14px/20px Arial, sans-serif', 'font:normal 14px/20px Arial, sans-serif'],
    ['color:rgb(0 0 0 / 50%)', 'color:rgb(0 0 0 / 50%)'],
    ['/* one */ color:/**/red; /* two; */ width:1px', 'color:red;width:1px'],
    // How newsletters hide the words that only a preview is to show.
    [
      'max-height:0;overflow:hidden;mso-hide:all;opacity:0;visibility:hidden',
      'max-height:0;overflow:hidden;opacity:0;visibility:hidden',
    ],
  ])('keeps %s', (style, kept) => {
    expect(filterStyle(style)).toBe(kept)
  })

  it.each([
    'position:fixed',
    'background:url(x)',
    'background:none',
    'background:url(x',
    'background:u\\72l(x)',
    'background:no-repeat center / cover',
    'background-color:url(x)',
    'color:u\\72l(x)',
    'width:calc(100% - 1px)',
    'color:/*red',
    'font:1px//x Arial',
    'font-family:"//x.example"',
    'color:"unclosed',
    'color:rgb(1',
    'color:rgb)1(',
    'color',
    ':red',
    '--x:1',
    'color:@import',
    'font-family:https://x',
  ])('drops %s', (style) => {
    expect(filterStyle(style)).toBe('')
  })

  it('never contains a URL or an escape, whatever the input', () => {
    const pieces = fc.constantFrom(
      'color:',
      'background:',
      'red',
      ';',
      'url(',
      ')',
      '"',
      "'",
      '\\',
      '/*',
      '*/',
      '{',
      '}',
      'x',
      '(',
      ':',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        expect(filterStyle(parts.join(''))).not.toMatch(/url|[\\{}@]|\/\*/)
      }),
    )
  })

  it('is dropped if it is very long', () => {
    expect(filterStyle(`color:red;${' '.repeat(5000)}`)).toBe('')
  })
})
