import fc from 'fast-check'
import { expect, it } from 'vitest'
import { escapeHtml, textToHtml } from './text-view.ts'

it('escapes everything', () => {
  expect(escapeHtml(`<a href="x" b='y'>&`)).toBe('&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;')
  fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))))
})

it('makes links of addresses, without the punctuation after them', () => {
  const html = textToHtml('See https://example.com/a?b=1&c=2, or <http://example.org>.')
  expect(html).toContain('<a href="https://example.com/a?b=1&amp;c=2" title="example.com/a"')
  expect(html).toContain('>https://example.com/a?b=1&amp;c=2</a>, or &lt;<a href="http://example.org/"')
})

it('leaves dots in the middle of an address, and takes all of them from its end', () => {
  expect(textToHtml('http://a/b..c?!...')).toContain('>http://a/b..c</a>?!...')
})

it('lets nothing of the text become markup', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const html = textToHtml(`${text} https://x.example/${text}`)
      expect(html.replaceAll(/<\/?(?:div|a)(?: [a-z]+="[^"<>]*")*>/g, '')).not.toMatch(/[<>]/)
    }),
  )
})
