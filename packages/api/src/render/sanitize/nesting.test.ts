import { Parser } from 'htmlparser2'
import { describe, expect, it } from 'vitest'
import { VECTORS } from '../fixtures/vectors.ts'
import { limitNesting } from './nesting.ts'
import { sanitizeMail } from './sanitize.ts'

const NO_IMAGES = { cid: () => null, remote: () => null }
const MEGABYTE = 1024 * 1024

function deepest(html: string): number {
  let [depth, most] = [0, 0]
  const parser = new Parser({
    onopentag: () => (most = Math.max(most, (depth += 1))),
    onclosetag: () => (depth -= 1),
  })
  parser.end(html)
  return most
}

// Attack: 1 MB of `<ul><li>` took 24 seconds.
describe('elements that are never closed are sanitised in linear time', () => {
  it.each([
    ...[
      '<ul><li>',
      '<b><p>',
      '<b><i>',
      '<ruby><rt><rp>',
      '<table><tr><td>',
      '<svg>',
      '<math>',
      '<div>',
      '<a>',
      '<form>',
    ],
    ...['<p><div></p>', '<b/>', '<svg><![CDATA[<b>]]><b>', '<svg><style><b>', '<title></title><b>', '<!--x--><b></i>'],
  ])('%s', (piece) => {
    const html = piece.repeat(MEGABYTE / piece.length)
    expect(deepest(limitNesting(html, 1000))).toBeLessThanOrEqual(2001)
    expect(sanitizeMail(`<p>start</p>${html}`, NO_IMAGES).html).toContain('<p>start</p>')
  })
})

describe('limiting the nesting', () => {
  it('removes only opening tags that are too deep', () => {
    expect(limitNesting('<b>1<i title=">">2<u>3</u>4</i><img><p>5', 2)).toBe(
      '<b>1<i title=">">2<u>3</u>4</i><img><p>5'.replace('<u>', ''),
    )
  })

  it('changes nothing of HTML with many elements that are not nested', () => {
    for (const html of ['<p>x<br>', '<li>x', '<tr><td>x', '<div><b>x</b></div>', '<style>b<i</style>'].map((x) =>
      x.repeat(5000),
    ))
      expect(limitNesting(html, 10)).toBe(html)
  })

  it('changes nothing of hostile HTML that is not deep', () => {
    for (const html of VECTORS) expect(limitNesting(html.repeat(20), 500)).toBe(html.repeat(20))
  })
})
