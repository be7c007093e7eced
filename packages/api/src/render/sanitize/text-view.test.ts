import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { linkTarget } from './link-target.ts'
import { escapeHtml, textToHtml } from './text-view.ts'
import { imageSource } from './urls.ts'

it('escapes everything', () => {
  expect(escapeHtml(`<a href="x" b='y'>&`)).toBe('&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;')
  fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))))
})

it('turns URLs into links, without the punctuation after them', () => {
  const html = textToHtml('See https://example.com/a?b=1&c=2, or <http://example.org>.')
  expect(html).toContain('<a href="https://example.com/a?b=1&amp;c=2" title="example.com/a"')
  expect(html).toContain('>https://example.com/a?b=1&amp;c=2</a>, or &lt;<a href="http://example.org/"')
})

it('keeps dots in the middle of a URL, and removes all of them from its end', () => {
  expect(textToHtml('http://a/b..c?!...')).toContain('>http://a/b..c</a>?!...')
})

/** The addresses that are links in a text, as they are written. */
const linksIn = (text: string): string[] =>
  [...textToHtml(text).matchAll(/>([^<>]+)<\/a>/g)].map(([, link = '']) =>
    link.replaceAll('&amp;', '&').replaceAll('&#39;', "'"),
  )

describe('an address in a text', () => {
  // Reports: roundcubemail 9538, thunderbird-android 6754, snappymail 1902, postal 115, Mailspring 269, tutanota 3218.
  it.each<[string, string[]]>([
    [
      '詳しくはhttps://example.com/a、次に「https://example.com/b」です。',
      ['https://example.com/a', 'https://example.com/b'],
    ],
    ['https://example.com/abc（哇哇）', ['https://example.com/abc']],
    ['「https://example.com」', ['https://example.com']],
    ['https://ja.wikipedia.org/wiki/日本　次', ['https://ja.wikipedia.org/wiki/日本']],
    [
      'https://en.wikipedia.org/wiki/Foo_(bar), (https://example.com/)',
      ['https://en.wikipedia.org/wiki/Foo_(bar)', 'https://example.com/'],
    ],
    ['http://example.com/TD-W9970(EU)_V2.pdf', ['http://example.com/TD-W9970(EU)_V2.pdf']],
    ['[https://a.example/x](https://b.example/y)', ['https://a.example/x', 'https://b.example/y']],
    [
      'https://a.example/x,https://b.example/y;https://c.example',
      ['https://a.example/x', 'https://b.example/y', 'https://c.example'],
    ],
    ['*https://example.com/* _https://example.org_', ['https://example.com/', 'https://example.org']],
    ['HTTPS://EXAMPLE.COM/A…', ['HTTPS://EXAMPLE.COM/A']],
    ['www.example.com, wwwx.example.com', ['www.example.com']],
    ['write to a.b+c@mail.example.com.', ['a.b+c@mail.example.com']],
    ['https://example.com/a\u200bb', ['https://example.com/a']],
    ['a@b, @example.com, www. and http://', []],
    // Attack: `john.o'neil@example.com` was a link to neil@example.com, who is somebody else.
    ["john.o'neil@example.com, R&D@example.com", ["john.o'neil@example.com", 'R&D@example.com']],
    ['bounces+ann=example.org@list.example prvs=0123=ann@example.com SRS0=aB=cD=example.org=ann@x.example', []],
    [
      'mailbox=ann@example.com ?a=1&to=bob@example.com @eve@example.com',
      ['ann@example.com', 'bob@example.com', 'eve@example.com'],
    ],
    ['ann@bank.example@evil.example', []],
    ['bänk@x.example ba\u0308nk@x.example bаnk@x.example bank٣x@x.example', []],
    [`john.o’neil@example.com ${'x'.repeat(70)}'neil@example.com ${'x'.repeat(70)}-neil@example.com`, []],
    ['ann@mail.müller.example ann@x.exampleй ann@a.b-ü.example "ann@bank.example"@evil.example', []],
    [`ann@${'a.'.repeat(12)}example`, []],
    ['ьwww.bank.example éwww.bank.example', []],
    ['メールはinfo@example.co.jpまで、サーバーwww.example.jp。', ['info@example.co.jp', 'www.example.jp']],
    ['메일은kim@example.kr로 ติดต่อann@example.thครับ', ['kim@example.kr', 'ann@example.th']],
    [
      '📧ann@example.com ✉️bob@example.com 1️⃣eve@example.com',
      ['ann@example.com', 'bob@example.com', 'eve@example.com'],
    ],
    ["'ann@example.com' ‘bob@example.com’", ['ann@example.com', 'bob@example.com']],
    ["'john.o'neil@example.com' (E-Mail:ann@example.com)", ["john.o'neil@example.com", 'ann@example.com']],
    [
      '*ann@example.com* **bob@example.com** {eve@example.com}',
      ['ann@example.com', 'bob@example.com', 'eve@example.com'],
    ],
    [
      'ann@a.example/bob@b.example|eve@c.example;joe@d.example',
      ['ann@a.example', 'bob@b.example', 'eve@c.example', 'joe@d.example'],
    ],
    // An apostrophe may be part of a URL, and closes a quotation around one.
    ["https://en.wikipedia.org/wiki/Rock_'n'_roll, yes", ["https://en.wikipedia.org/wiki/Rock_'n'_roll"]],
    ["https://en.wikipedia.org/wiki/L'Étranger", ["https://en.wikipedia.org/wiki/L'Étranger"]],
    ["https://x.example/lists('Documents')/items", ["https://x.example/lists('Documents')/items"]],
    ["'https://a.example/x' 'https://b.example'.", ['https://a.example/x', 'https://b.example']],
    ["['https://a.example/x','https://b.example/y']", ['https://a.example/x', 'https://b.example/y']],
    ["'see https://a.example/x', ('or https://b.example/y')", ['https://a.example/x', 'https://b.example/y']],
    ["'https://a.example/x'를 'https://b.example/y'und", ['https://a.example/x', 'https://b.example/y']],
    ["fetch('https://a.example/x').then(y)", ['https://a.example/x']],
    [
      "<a href='https://a.example/x'class='y'><img src='https://b.example/z'>",
      ['https://a.example/x', 'https://b.example/z'],
    ],
    ["href='https://a.example/x'src='https://b.example/z'", ['https://a.example/x', 'https://b.example/z']],
    ["https://example.com's pages", ['https://example.com']],
  ])('%s', (text, expected) => {
    expect(linksIn(text)).toEqual(expected)
  })

  it('never takes in what surrounds it', () => {
    const around = fc.constantFrom(
      '',
      ' ',
      '\n',
      '、',
      '。',
      '（',
      '）',
      '「',
      '」',
      '(',
      ')',
      '[',
      ']',
      '<',
      '>',
      '"',
      "'",
      '.',
      ',',
      '!',
      '…',
      '　',
    )
    const path = fc.constantFrom('', '/', '/a', '/a_(b)', '/日本', '/?q=1&r=2#f')
    fc.assert(
      fc.property(around, path, around, around, (before, rest, after, end) => {
        fc.pre(!['()', '[]'].includes(after + end))
        expect(linksIn(`${before}https://example.com${rest}${after}${end}`)).toEqual([`https://example.com${rest}`])
      }),
    )
  })

  it('is found in linear time', () => {
    for (const piece of [
      'a',
      'a.',
      'a@',
      'https://a)',
      'https://a,',
      '(',
      'www.',
      'a@a.',
      "'",
      "a'",
      "a@a.b'",
      "https://a/'",
      '&é',
    ])
      expect(textToHtml(piece.repeat(300_000 / piece.length)).length).toBeGreaterThan(300_000)
  })
})

it('turns no text into markup', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const html = textToHtml(`${text} https://x.example/${text}`)
      expect(html.replaceAll(/<\/?(?:div|a)(?: [a-z]+="[^"<>]*")*>/g, '')).not.toMatch(/[<>]/)
    }),
  )
})

// Attack: parsing takes quadratic time for a host that is not ASCII.
describe('hosts that are too long for a name are never parsed', () => {
  const long = 'あ'.repeat(300)
  it.each(['http://', 'https:', 'ht\ntp:/\t/', 'http://user:pass@', 'http:\\\\', '//', 'www.', 'foo://'])(
    'after %j',
    (start) => {
      const parse = vi.spyOn(globalThis, 'URL')
      expect(linkTarget(`${start}${long}.example/x`)).toBeNull()
      expect(imageSource(`${start}${long}.example/x`)).toEqual({ kind: 'none' })
      expect(
        parse.mock.calls.flat().filter((text) => String(text).startsWith(start.slice(0, 4)) && start !== 'www.'),
      ).toEqual([])
      parse.mockRestore()
    },
  )

  it('but long paths, credentials and addresses are', () => {
    expect(linkTarget(`http://example.com/${long}`)).toContain('http://example.com/%E3')
    expect(linkTarget(`http://${'u'.repeat(300)}@example.com/`)).toContain('@example.com/')
    expect(linkTarget(`mailto:a@b.example?body=${'x'.repeat(300)}`)).toContain('xxx')
  })
})
