import { expect, it } from 'vitest'
import { linkLabel, linkTarget } from './link-target.ts'

it('a host longer than a name can be is no link, however it is written', () => {
  const host = 'é'.repeat(256)
  for (const start of ['http://', 'https:', 'ht\ntps://', 'HTTP:\\\\', '//', 'www.', ' \u0001https:///']) {
    expect(linkTarget(`${start}${host}/`)).toBeNull()
  }
  expect(linkTarget(`https://example.com/${host}`)).toContain('https://example.com/%C3%A9')
})

it('a host that is too long as it is called in the network is no link', () => {
  const host = Array.from({ length: 80 }, (_, at) => String.fromCodePoint(0x4e00 + 97 * at)).join('.')
  expect(linkTarget(`http://${host}/`)).toBeNull()
})

// Attack: the label of a host of 211 letters ended before its end, `evil.example`.
it('a label is bounded, and shows where a link leads whatever its length', () => {
  const host = `bank.example.${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(40)}.evil.example`
  expect(linkLabel(`https://${host}/login`)).toBe(`${host}/login`)
  expect(linkLabel(`https://${host}:8443/${'p'.repeat(5000)}`)).toBe(`${host}:8443/${'p'.repeat(199)}`)
  const address = `x@bank.example${'y'.repeat(5000)}@${host}`
  expect(linkLabel(`mailto:${address}`)).toMatch(
    /^x@bank\.example(y+)…y*@bank\.example\.a+\.b+\.c+\.d+\.evil\.example$/,
  )
  expect(linkLabel(`mailto:${address}`).length).toBeLessThan(460)
  for (const longest of [`x@${host}`, `${'l'.repeat(64)}@${host}`]) expect(linkLabel(`mailto:${longest}`)).toBe(longest)
})

it('a label shows the host as it is called in the network', () => {
  expect(linkLabel(linkTarget('http://аpple.com') ?? '')).toBe('xn--pple-43d.com')
})
