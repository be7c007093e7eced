import { loadConfig } from '@mairust/config'
import { memoryBlobStore } from '@mairust/db/blob'
import { silentLog } from '@mairust/log'
import { type Address, parseForwardPath, recipientKey } from '@mairust/mail-core/address'
import { openEnvelope, readReturnPath } from '@mairust/mail-core/envelope'
import { NO_MAIL_PARAMS, replies, withJourney } from '@mairust/mail-core/smtp'
import { memoryDirectory } from '@mairust/mail-core/testing'
import { describe, expect, it } from 'vitest'
import { returnPathSettings } from '../return-paths.ts'
import { returnedTask } from '../returned-task.ts'
import { storeObjects } from '../store-objects.ts'
import { submitTask } from '../submit-task.ts'
import {
  abandoned,
  alikeRecipients,
  answered,
  arrivalObjects,
  findDestination,
  hasRecipients,
  Journal,
  limitText,
  queueingTerms,
  refusalsOf,
  returnedDestination,
  sendingLimits,
  type Transaction,
  withDestination,
} from './index.ts'

const MASTER = Buffer.alloc(32, 7)
const NOW = new Date('2026-06-01T12:00:00Z')
const { config } = loadConfig({ env: {} })
const USER = { id: 'usr_hana', tenantId: 'tnt_test', email: 'hana@our.test' }
const TOOLS = { date: NOW, messageId: 'id@mx.our.test', boundary: 'b' }

const directory = memoryDirectory({
  domains: [{ name: 'our.test' }, { name: 'new.test', status: 'pending' }],
  mailboxes: [{ address: 'hana@our.test' }, { address: 'ken@our.test' }, { address: 'off@our.test', suspended: true }],
  aliases: [
    { address: 'team@our.test', targets: ['hana@our.test', 'ken@our.test', 'off@our.test'] },
    { address: 'out@our.test', targets: ['a@far.test'] },
    { address: '*@our.test', targets: ['ken@our.test'] },
  ],
})

const recipientOf = (text: string) => {
  const path = parseForwardPath(`<${text}>`)
  if (!path.ok || path.value === 'postmaster') throw new Error(text)
  return { key: recipientKey(path.value), path: path.value, notify: null, orcpt: null }
}
const find = (text: string, senderTenantId: string | null = USER.tenantId) =>
  findDestination(recipientOf(text), { size: null, senderTenantId }, directory)

const open = (user: typeof USER | null, from: Address | null): Transaction => {
  const origin = { listener: 'submission', remoteAddress: '192.0.2.1', helo: 'client', tls: null, user }
  return {
    id: 'jrn_1',
    envelope: openEnvelope(from, NO_MAIL_PARAMS),
    announcedSize: null,
    destinations: new Map(),
    journal: new Journal('jrn_1', origin, { now: () => NOW.getTime(), named: { count: 0 } }),
  }
}
const to = async (transaction: Transaction, ...all: readonly string[]): Promise<Transaction> => {
  for (const text of all) {
    const found = await find(text)
    if (found.kind !== 'found') throw new Error(text)
    transaction = withDestination(transaction, found.destination)
  }
  return transaction
}
const terms = queueingTerms(() => config, { masterKey: MASTER, signer: { sign: () => Promise.resolve('DKIM: x\r\n') } })
const trace = { client: null, by: 'mx.our.test', smtputf8: false, id: 'jrn_1', date: NOW }
const tools = { queueing: terms, newMessageId: () => 'msg_1', receivedAt: NOW }

const submit = (source: Parameters<typeof submitTask>[0]['source'], maxBytes = 100_000) =>
  submitTask({ source, tools: TOOLS, hostname: 'mx.our.test', maxBytes })
const WRITTEN = {
  changes: {
    from: { name: 'Hana', address: 'hana@our.test' },
    to: [{ name: '', address: 'a@far.test' }],
    bcc: [{ name: '', address: 'eve@far.test' }],
    subject: 'Plans',
    text: 'Hi.',
    html: null,
    attachments: [],
    headers: [{ name: 'X-MaiRust-Stream', value: 'news' }],
  },
}

describe('the destination of a recipient', () => {
  it.each([
    ['ken@our.test', 'found'],
    ['team@our.test', 'found'],
    ['a@far.test', 'found'],
    ['a@new.test', 'pending_domain'],
    ['off@our.test', 'mailbox_suspended'],
    ['out@our.test', 'external_target'],
  ])('of %s: %s', async (address, expected) => {
    const found = await find(address)
    expect(found.kind === 'found' ? 'found' : found.reason).toBe(expected)
  })

  it('is no other server for mail of strangers', async () => {
    expect(await find('a@far.test', null)).toMatchObject({ kind: 'refused', reason: 'foreign_domain', tenantId: null })
  })
})

describe('what our user submits', () => {
  it('is written for mailboxes here and for other servers, signed, with an envelope sender of its own', async () => {
    const result = await submit(WRITTEN)
    if (result.kind !== 'submitted') throw new Error(result.kind)
    const { message } = result
    expect(message.addressed).toMatchObject({ bcc: [{ localPart: 'eve' }] })
    expect(Buffer.from(message.header).toString()).not.toContain('eve@far.test')
    const [from] = message.authors
    const [header, body] = [Buffer.from(message.header), Buffer.from(message.body)]
    const transaction = await to(open(USER, from), 'a@far.test', 'team@our.test', 'x+1@our.test', 'hana+2@our.test')
    const submitted = {
      transaction,
      unsigned: { domain: from.domain, header, body },
      eightBit: message.eightBit,
      body: [header, body],
      verdict: null,
      trace,
    }
    const objects = await arrivalObjects(submitted, tools)
    const [outgoing] = objects.flatMap((object) => object.outgoing ?? [])
    expect(outgoing).toMatchObject({ sender: 'hana@our.test', stream: 'news', header: 'DKIM: x\r\n' })
    expect(outgoing?.deliveries.map(({ address }) => address)).toEqual(['a@far.test'])
    const path = recipientOf(outgoing?.returnPath ?? '').path
    const settings = returnPathSettings(MASTER, config.outbound.return_paths)
    expect(readReturnPath(path, settings, NOW)).toMatchObject({ ok: true, subject: outgoing?.deliveries[0]?.id })

    const blobs = memoryBlobStore()
    const stored = await storeObjects({ blobs, log: silentLog }, objects, message.index, NOW)
    expect(stored.flatMap(({ copies }) => copies.map(({ mailboxId }) => mailboxId)).sort()).toEqual([
      'mbx_hana@our.test',
      'mbx_ken@our.test',
    ])
    expect((await blobs.read(stored[0]?.blobKey ?? '')).toString()).toMatch(/^Return-Path: <hana@our.test>\r\n/)

    const journey = answered(transaction, withJourney(replies.accepted, transaction.id))
    expect(journey).toMatchObject({ status: 'partial', userId: USER.id, sender: 'hana@our.test' })
    expect(journey.recipients.map(({ address, status }) => [address, status])).toContainEqual(['a@far.test', 'queued'])
    expect(journey.steps.map(({ detail }) => detail)).toContain('mailbox_suspended, through team@our.test')
    expect(alikeRecipients(transaction)).toEqual([])
    expect(
      sendingLimits(submitted, config.outbound.rate_limits).map(({ scope, period }) => `${scope} ${period}`),
    ).toEqual(['user hour', 'user day', 'domain hour'])
  })

  it.each([
    ['a NUL', Buffer.from('From: hana@our.test\r\n\r\nx\0'), 'nul'],
    ['a bare CR', Buffer.from('From: hana@our.test\r\n\r\nx\ry'), 'bare_cr'],
    ['no author', Buffer.from('Subject: x\r\n\r\nx'), 'from_missing'],
  ])('is refused with %s', async (_, bytes, reason) => {
    const result = await submit({ bytes })
    expect(result.kind === 'refused' ? result.reason : result.kind).toMatch(new RegExp(reason.split('_')[0] ?? ''))
  })

  it('is refused when it is too large', async () => {
    expect((await submit(WRITTEN, 50)).kind).toBe('too_large')
  })
})

describe('what no user of ours sends', () => {
  it('is kept with what was found out about its sender, and sends nothing elsewhere', async () => {
    const transaction = await to(open(null, null), 'ken@our.test')
    const verdict = {
      results: 'Authentication-Results: mx.our.test; none\r\n',
      junkReason: () => 'dmarc',
      stored: (junkReason: string | null) => ({ junkReason }) as never,
    }
    const body = [Buffer.from('Subject: x\r\n\r\n')]
    const objects = await arrivalObjects({ transaction, unsigned: null, eightBit: false, body, verdict, trace }, tools)
    expect(objects).toMatchObject([{ copies: [{ folderRole: 'junk' }], authentication: { junkReason: 'dmarc' } }])
    expect(sendingLimits({ transaction, unsigned: null }, config.outbound.rate_limits)).toEqual([])
  })

  it('is read when it came back to a return path, and goes to whoever sent the message', async () => {
    const target = { tenantId: 'tnt_test', fallback: recipientOf('hana@our.test').key }
    const path = recipientOf('bounce-x@our.test')
    const transaction = withDestination(open(null, null), await returnedDestination(path, target, directory))
    const body = [Buffer.from('Subject: Undelivered\r\n\r\n')]
    const objects = await arrivalObjects(
      { transaction, unsigned: null, eightBit: false, body, verdict: null, trace },
      tools,
    )
    expect(objects).toMatchObject([{ copies: [], returned: { fallback: 'hana@our.test', sender: '' } }])
    expect(returnedTask({ raw: Buffer.from('Subject: Hello\r\n\r\nHi'), sender: '' }).kind).toBe('other')
  })

  it('is told of although it came to nothing: each refusal with its last reply', () => {
    const transaction = open(null, null)
    expect(hasRecipients(transaction)).toBe(false)
    for (const name of ['a', 'b', 'a'])
      transaction.journal.refused(
        `${name}@our.test`,
        { tenantId: 'tnt_test', ownerRoles: [] },
        replies.unknownRecipient,
        'unknown',
      )
    expect(hasRecipients(transaction)).toBe(true)
    expect(refusalsOf(transaction).map(({ address }) => address)).toEqual(['a@our.test', 'b@our.test'])
    const journey = abandoned(transaction, 'client left')
    expect(journey.recipients.map(({ reason }) => reason)).toEqual(['unknown', 'unknown'])
    expect(journey.reply).toMatch(/^550/)
  })
})

it('a limit is told with what is left of it, and until when', () => {
  const reached = { scope: 'user', subject: 'usr_1', period: 'hour', limit: 200, left: 3, resetAt: NOW } as const
  expect(limitText(reached)).toBe(
    'You may send to 200 recipients an hour, and 3 are left; try again after 2026-06-01 12:00 UTC',
  )
})
