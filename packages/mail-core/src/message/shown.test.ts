import { expect, it } from 'vitest'
import { parseAddress } from '../address/index.ts'
import { buildIndex, parseMessage } from './index.ts'
import { longFields, shownMailbox, shownSummary } from './shown.ts'

it('shows the start of a long name', () => {
  const name = '1ש'.repeat(60_000)
  expect(shownMailbox({ name, address: 'a@b.example' })).toEqual({ name: name.slice(0, 998), address: 'a@b.example' })
  const short = { name: 'Ann', address: 'a@b.example' }
  expect(shownMailbox(short)).toBe(short)
})

it('an opened message has no long name in any field, and names the fields', () => {
  const name = 'x'.repeat(5000)
  const fields = ['To', 'Cc', 'Bcc', 'Reply-To'].map((field) => `${field}: ${name} <a@b.example>\r\n`)
  const parsed = parseMessage(Buffer.from(`From: ${name} <a@b.example>\r\n${fields.join('')}\r\nx`))
  expect(longFields(parsed)).toEqual(['to', 'cc', 'bcc', 'replyTo'])
  const { from, to, cc, bcc, replyTo } = shownSummary(parsed.index)
  for (const [mailbox] of [from, to, cc, bcc, replyTo]) expect(mailbox?.name).toHaveLength(998)
})

// Attack: `"x…@bank.example` was left of an address of 367 letters at evil.example.
it.each([
  ['a local part that has another address', `"${'x'.repeat(306)}@bank.example${'y'.repeat(40)}"@evil.example`],
  ['many at signs', `${'x@bank.example'.repeat(400)}@evil.example`],
  ['one letter too many', `${'x'.repeat(308)}@evil.example`],
])('an address that is too long never becomes one of another domain, in no field: %s', (_, address) => {
  const fields = ['From', 'Sender', 'To', 'Cc', 'Bcc', 'Reply-To'].map((field) => `${field}: A <${address}>\r\n`)
  const raw = Buffer.from(`${fields.join('')}\r\nx`)
  const parsed = parseMessage(raw)
  for (const index of [buildIndex(raw), shownSummary(parsed.index)]) {
    const { from, sender, to, cc, bcc, replyTo } = index
    for (const mailboxes of [from, [sender], to, cc, bcc, replyTo]) {
      expect(mailboxes).toEqual([{ name: 'A', address: '...@evil.example' }])
    }
  }
  expect(parseAddress('...@evil.example').ok).toBe(false)
  expect(longFields(parsed)).toEqual(['to', 'cc', 'bcc', 'replyTo'])
})

it('an address stays as long as one may be, and has no domain when its domain is longer than one may be', () => {
  const longest = { name: '', address: `${'a'.repeat(64)}@${'b'.repeat(255)}` }
  expect(shownMailbox(longest)).toBe(longest)
  for (const address of [`a@bank.example${'b'.repeat(400)}`, 'a'.repeat(400)]) {
    expect(shownMailbox({ name: '', address }).address).toBe('...')
  }
  expect(shownMailbox({ name: '', address: `${'a'.repeat(66)}@${'b'.repeat(255)}` }).address).toBe(
    `...@${'b'.repeat(255)}`,
  )
})
