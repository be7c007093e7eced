import fc from 'fast-check'
import { Parser } from 'htmlparser2'
import { describe, expect, it } from 'vitest'
import { VECTORS } from '../fixtures/vectors.ts'
import { ATTRIBUTES, TAGS } from './allow-list.ts'
import { sanitizeMail } from './sanitize.ts'

const REMOTE = 'https://t.example/x.png'
const blocked = { cid: () => null, remote: () => null }
const clean = (html: string): string => sanitizeMail(html.replaceAll('R', REMOTE), blocked).html

/** Lists everything in HTML that mail must not contain. */
function findings(html: string): string[] {
  const found: string[] = []
  const parser = new Parser({
    onopentag: (tag, attributes) => {
      if (!TAGS.includes(tag)) found.push(`element ${tag}`)
      const allowed = [...(ATTRIBUTES['*'] ?? []), ...(ATTRIBUTES[tag] ?? [])]
      for (const [name, value] of Object.entries(attributes)) {
        if (!allowed.includes(name)) found.push(`attribute ${tag}.${name}`)
        if (name === 'href' && !/^(?:https?|mailto|tel|sms):/.test(value)) found.push(`link ${value}`)
        if (name === 'src' && !/^data:image\/(?:png|jpeg|gif|webp);/.test(value)) found.push(`source ${value}`)
        if (name === 'style' && /url|expression|position|[@\\<{}]|\/\*/i.test(value)) found.push(`style ${value}`)
        if (name !== 'href' && name !== 'title' && value.includes('t.example')) found.push(`${name} ${value}`)
      }
      if (tag === 'a' && attributes['href'] !== undefined) {
        if (attributes['target'] !== '_blank') found.push('a link that opens here')
        if (!attributes['rel']?.includes('noopener')) found.push('a link with an opener')
      }
    },
    oncomment: () => found.push('comment'),
    onprocessinginstruction: () => found.push('instruction'),
  })
  parser.end(html)
  if (/<(?:script|style|svg|math|iframe|object|embed|form|input|base|meta|link)/i.test(html)) found.push('raw element')
  return found
}

describe('hostile HTML', () => {
  it.each(VECTORS)('%s', (vector) => {
    expect(findings(clean(vector))).toEqual([])
  })

  it('stays harmless in any combination', () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(...VECTORS), fc.string({ maxLength: 8 })), { maxLength: 6 })
    fc.assert(
      fc.property(pieces, fc.nat(200), (parts, cut) => {
        const html = parts.join('')
        expect(findings(clean(html.slice(cut % (html.length + 1))))).toEqual([])
      }),
    )
  })

  it('is checked by a function that finds something', () => {
    expect(findings('<script>x</script><p onclick=x>')).toEqual([
      'element script',
      'attribute p.onclick',
      'raw element',
    ])
  })
})

describe('ordinary HTML', () => {
  it('keeps text, tables and styles', () => {
    const html =
      '<table width="600"><tr><td style="color:#333;padding:4px 8px" align="center"><b>Hi</b> 東京</td></tr></table>'
    expect(clean(html)).toBe(html)
  })

  it('bounds how many columns and rows a cell covers', () => {
    const html =
      '<table><colgroup span="x"><col span="1000"></colgroup><tr><td colspan="3" rowspan="60">x</td><td colspan="1000"></td></tr></table>'
    expect(clean(html)).toBe(
      '<table><colgroup><col span="60" /></colgroup><tr><td colspan="3" rowspan="60">x</td><td colspan="60"></td></tr></table>',
    )
  })

  it('bounds what all cells of a message cover, and the length of texts that are not shown', () => {
    const rows = '<tr><td rowspan="0" colspan="60">x</td></tr>'.repeat(1000)
    const spans = clean(`<table>${rows}</table>`).match(/\w+span="\d+"/g) ?? []
    expect(new Set(spans)).toEqual(new Set(['colspan="60"']))
    expect(spans.length).toBeLessThan(200)
    const long = 'ก'.repeat(400_000)
    expect(clean(`<img alt="${long}" src="data:image/png;base64,iVBOaw==">`).length).toBeLessThan(1100)
  })

  it('keeps the colours of the body', () => {
    expect(clean('<body style="background-color:#fee"><p>x</p></body>')).toBe(
      '<div style="background-color:#fee"><p>x</p></div>',
    )
  })

  // What a mail had in white on black must not become white on white.
  it.each([
    [
      '<body bgcolor="#000000" text="ffffff"><p>x</p></body>',
      '<div style="background-color:#000000;color:#ffffff"><p>x</p></div>',
    ],
    ['<body bgcolor="black" style="color:#fff">x</body>', '<div style="background-color:black;color:#fff">x</div>'],
    ['<body bgcolor="url(x)">x</body>', '<div>x</div>'],
    [
      '<table><tbody bgcolor="#111"><tr><td>x</td></tr></tbody></table>',
      '<table><tbody bgcolor="#111"><tr><td>x</td></tr></tbody></table>',
    ],
  ])('keeps the colours of old attributes: %s', (html, expected) => {
    expect(clean(html)).toBe(expected)
  })

  it.each([
    ['tel:+81-3-1234-5678', 'tel:+81-3-1234-5678'],
    ['sms:+81312345678', 'sms:+81312345678'],
    ['www.example.com/a', 'http://www.example.com/a'],
    ['//example.com/a', 'https://example.com/a'],
    ['ann@example.com', 'mailto:ann@example.com'],
    ['mailto: ann@example.com', 'mailto:ann@example.com'],
    [' https://example.com/a b\n c ', 'https://example.com/a%20b%20c'],
    [`https://example.com/${'a'.repeat(8000)}`, `https://example.com/${'a'.repeat(8000)}`],
    ['/a', null],
    ['a.html', null],
    ['#top', null],
    ['webcal://example.com', null],
  ])('leads where the sender meant: %s', (href, target) => {
    expect(/ href="([^"]*)"/.exec(clean(`<a href="${href}">x</a>`))?.[1] ?? null).toBe(target)
  })

  it('shows remote backgrounds through the proxy, and counts those it leaves out', () => {
    const html = `<table background="https://t.example/a.png"><tr><td style="background:#123 url('//t.example/b(1).png') no-repeat center / cover">x</td></tr></table>`
    const remote = (url: string) => `/img-proxy/?u=${encodeURIComponent(url)}&sig=a.b`
    expect(sanitizeMail(html, { cid: () => null, remote })).toEqual({
      html:
        '<table style="background-image:url(/img-proxy/?u=https%3A%2F%2Ft.example%2Fa.png&amp;sig=a.b)"><tr><td style="background-color:#123;' +
        'background-image:url(/img-proxy/?u=https%3A%2F%2Ft.example%2Fb%281%29.png&amp;sig=a.b);background-repeat:no-repeat;background-size:cover;background-position:center">x</td></tr></table>',
      blockedImages: 0,
    })
    expect(sanitizeMail(html, blocked)).toEqual({
      html: '<table><tr><td style="background-color:#123">x</td></tr></table>',
      blockedImages: 2,
    })
  })

  it.each([
    'data:image/png;charset=utf-8;base64,iVBOaw==',
    'data:image/png;base64,iVBO%0Aaw%3D%3D',
    ' data:image/png;base64, iVBO\naw==',
  ])('shows a picture in an address: %s', (src) => {
    expect(clean(`<img src="${src}">`)).toBe('<img src="data:image/png;base64,iVBOaw==" />')
  })

  it('shows pictures whose scheme was left out', () => {
    expect(sanitizeMail('<img src="//t.example/a.png">', blocked).blockedImages).toBe(1)
  })

  it('drops the notes of Office', () => {
    expect(clean('<xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><p>x<o:p></o:p></p>')).toBe('<p>x</p>')
  })

  it('drops title, style and everything else in the head', () => {
    expect(clean('<head><title>T</title><style>p{}</style></head><p>x</p>')).toBe('<p>x</p>')
  })

  it('shows where a link leads, with the host in punycode', () => {
    expect(clean('<a href="https://аpple.com/login?x=1" title="apple.com">apple.com</a>')).toBe(
      '<a href="https://xn--pple-43d.com/login?x=1" title="xn--pple-43d.com/login" rel="noopener noreferrer nofollow ugc" target="_blank">apple.com</a>',
    )
    expect(clean('<a href="mailto:a@example.net?subject=x">a</a>')).toContain('title="a@example.net"')
    const inside = '<b title="bank.example">x</b><img alt="" title="bank.example" src="data:image/png;base64,iVBOaw==">'
    expect(clean(`<a href="https://b.example/">${inside}</a><a title="bank.example">x</a>`)).not.toContain('bank')
  })

  it.each([
    ['<td style="background-image:url(cid:bg1)">x</td>', 'td'],
    ['<td background="cid:bg1">x</td>', 'td'],
    [`<td style="background:#fff url('cid:bg1') no-repeat">x</td>`, 'td'],
  ])('shows a background image that is a part of the message: %s', (html) => {
    const images = {
      cid: (contentId: string) => (contentId === 'bg1' ? '/m/1/cid/0?sig=a.b' : null),
      remote: () => null,
    }
    const shown = (text: string) => sanitizeMail(`<table><tr>${text}</tr></table>`, images).html
    expect(shown(html)).toContain('background-image:url(/m/1/cid/0?sig=a.b)')
    expect(shown(html.replace('bg1', 'none'))).not.toContain('url')
    expect(shown(html.replace('cid:bg1', 'https://t.example/x.png'))).not.toContain('url')
  })

  it('keeps images of the message, of the proxy and in data URLs, and counts the blocked ones', () => {
    const html = `<img src="cid:logo@x" alt="Logo"><img src="cid:none@x" alt="None"><img src="https://t.example/a.png" alt="A"><img src="data:image/png;base64,iVBO aw==">`
    const images = {
      cid: (contentId: string) => (contentId === 'logo@x' ? '/m/1/cid/0' : null),
      remote: (url: string) => `/img-proxy/?u=${encodeURIComponent(url)}`,
    }
    expect(sanitizeMail(html, images)).toEqual({
      html: '<img alt="Logo" src="/m/1/cid/0" /><img alt="None" /><img alt="A" src="/img-proxy/?u=https%3A%2F%2Ft.example%2Fa.png" /><img src="data:image/png;base64,iVBOaw==" />',
      blockedImages: 0,
    })
    expect(sanitizeMail(html, { ...images, remote: () => null })).toMatchObject({ blockedImages: 1 })
  })
})
