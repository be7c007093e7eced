import { describe, expect, it } from 'vitest'
import { parseForwardPath, parseReversePath, recipientKey } from '../address/index.ts'
import { parseMailParams, parseRcptParams, splitParams } from '../smtp/index.ts'
import { type EnvelopeRecipient, openEnvelope, withRecipient } from './envelope.ts'

const params = (text: string) => {
  const parsed = parseMailParams(splitParams(text) ?? [], { dsn: true })
  if (!parsed.ok) throw new Error(parsed.keyword)
  return parsed.params
}

const recipient = (path: string, text = ''): EnvelopeRecipient => {
  const [parsed, asked] = [parseForwardPath(path), parseRcptParams(splitParams(text) ?? [], { dsn: true })]
  if (!parsed.ok || !asked.ok) throw new Error(path)
  return { path: parsed.value, key: recipientKey(parsed.value), ...asked.params }
}

const open = (path = '<>', text = '') => {
  const parsed = parseReversePath(path)
  if (!parsed.ok) throw new Error(path)
  return openEnvelope(parsed.value, params(text))
}

describe('an envelope', () => {
  it('has the parameters of MAIL, except SIZE', () => {
    expect(open('<ann@example.org>', 'SIZE=1000 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ314159')).toEqual({
      reversePath: { localPart: 'ann', domain: 'example.org', literal: false },
      recipients: [],
      body: '8bitmime',
      smtputf8: true,
      ret: 'hdrs',
      envid: 'QQ314159',
    })
    expect(open()).toMatchObject({ reversePath: null, body: '7bit', smtputf8: false, ret: null, envid: null })
  })

  it('keeps the DSN requests of each recipient, and distinguishes NEVER from none', () => {
    const recipients = [
      recipient('<bob@example.org>', 'NOTIFY=SUCCESS,DELAY ORCPT=rfc822;list@example.net'),
      recipient('<carol@example.org>', 'NOTIFY=NEVER'),
      recipient('<Postmaster>'),
    ]
    expect(recipients.reduce(withRecipient, open()).recipients).toMatchObject([
      { key: 'bob@example.org', notify: ['success', 'delay'], orcpt: { type: 'rfc822', address: 'list@example.net' } },
      { key: 'carol@example.org', notify: [], orcpt: null },
      { key: 'postmaster', path: 'postmaster', notify: null },
    ])
  })

  it('has each recipient once, however spelled, with the last parameters', () => {
    const envelope = [
      recipient('<Bob@Example.org>', 'NOTIFY=NEVER'),
      recipient('<carol@example.org>'),
      recipient('<"bob"@example.org>', 'NOTIFY=FAILURE'),
    ].reduce(withRecipient, open())
    expect(envelope.recipients.map(({ key, notify }) => [key, notify])).toEqual([
      ['bob@example.org', ['failure']],
      ['carol@example.org', null],
    ])
  })

  it('is a value: adding to it does not change the original', () => {
    const empty = open()
    const one = withRecipient(empty, recipient('<bob@example.org>'))
    withRecipient(one, recipient('<carol@example.org>'))
    expect([empty.recipients.length, one.recipients.length]).toEqual([0, 1])
  })
})
