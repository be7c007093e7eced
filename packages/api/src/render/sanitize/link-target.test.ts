import { expect, it } from 'vitest'
import { linkLabel, linkTarget } from './link-target.ts'

it('a host longer than a name can be is no link, however it is written', () => {
  const host = 'é'.repeat(256)
  for (const start of ['http://', 'https:', 'ht\ntps://', 'HTTP:\\\\', '//', 'www.', ' \u0001https:///']) {
    expect(linkTarget(`${start}${host}/`)).toBeNull()
  }
  expect(linkTarget(`https://example.com/${host}`)).toContain('https://example.com/%C3%A9')
})

it('a label shows the host as it is called in the network', () => {
  expect(linkLabel(linkTarget('http://аpple.com') ?? '')).toBe('xn--pple-43d.com')
})
