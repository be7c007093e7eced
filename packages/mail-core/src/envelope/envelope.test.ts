import { expect, it } from 'vitest'
import { parseForwardPath, parseReversePath } from '../address/index.ts'
import { parseMailParams } from '../smtp/params.ts'
import type { EnvelopeRecipient } from './index.ts'
import { addRecipient, envelopeNeedsUtf8, envelopeTexts, openEnvelope } from './index.ts'

const params = { notify: null, orcpt: null }

function recipient(original: string, notify: EnvelopeRecipient['params']['notify'] = null): EnvelopeRecipient {
  const path = parseForwardPath(original)
  if (!path.ok) throw new Error(path.problem)
  return { original, path: path.value, params: { ...params, notify } }
}

function envelope(from: string, ...to: EnvelopeRecipient[]) {
  const path = parseReversePath(from)
  const read = parseMailParams([], { dsn: false })
  if (!path.ok || !read.ok) throw new Error('bad test')
  return to.reduce(addRecipient, openEnvelope(path.value, read.params))
}

it('keeps a recipient given twice once, with its latest parameters', () => {
  const made = envelope(
    'a@example.com',
    recipient('B@example.com'),
    recipient('postmaster'),
    recipient('b@example.com', []),
  )
  expect(envelopeTexts(made)).toEqual({ from: 'a@example.com', to: ['postmaster', 'b@example.com'] })
  expect(made.recipients.at(-1)?.params.notify).toEqual([])
})

it('knows the null sender and what needs SMTPUTF8', () => {
  expect(envelopeTexts(envelope('')).from).toBe('')
  expect(envelopeNeedsUtf8(envelope('', recipient('postmaster'), recipient('a@例え.jp')))).toBe(false)
  expect(envelopeNeedsUtf8(envelope('', recipient('山田@example.jp')))).toBe(true)
})
