import { expect, it } from 'vitest'
import { parseMessage } from './index.ts'
import { longFields, shownMailbox, shownSummary } from './shown.ts'

it('shows the start of a long name or address, and says that there is more', () => {
  const name = '1ש'.repeat(60_000)
  expect(shownMailbox({ name, address: 'a@b.example' })).toEqual({ name: name.slice(0, 998), address: 'a@b.example' })
  expect(shownMailbox({ name: '', address: `${'a'.repeat(5000)}@b.example` }).address).toHaveLength(998)
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
