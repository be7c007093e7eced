import { createHash } from 'node:crypto'
import { INDEX_VERSION, type MessageIndex } from '@mairust/mail-core/message'
import { tokenText } from '@mairust/mail-core/search'
import { blobKey } from '../blob/blob.ts'
import { createId } from '../id.ts'
import type { AcceptCopy, AcceptItem, AcceptObject } from '../queries/accept.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'

type Place = { tenantId: string; id: string }

/** What a test specifies of an object; `copy` applies to its one copy, and `text` becomes the body's tokens. */
export type ObjectOverrides = Partial<Omit<AcceptObject, 'index' | 'copies'>> & {
  index?: Partial<MessageIndex> | undefined
  copy?: Partial<AcceptCopy> | undefined
  text?: string | undefined
}

export type ItemOverrides = ObjectOverrides & Partial<Omit<AcceptItem, 'objects'>>

/** An object in one mailbox, with search tokens from its subject, addresses and text. */
export function makeObject(mailbox: Place, overrides: ObjectOverrides = {}): AcceptObject {
  const { index, copy, text = 'Hello world', ...rest } = overrides
  const now = copy?.receivedAt ?? new Date()
  return {
    blobKey: blobKey(now),
    size: 1000,
    sha256: createHash('sha256').update(text).digest('hex'),
    index: makeIndex(text, now, index ?? {}),
    copies: [
      { tenantId: mailbox.tenantId, mailboxId: mailbox.id, messageId: createId('msg'), receivedAt: now, ...copy },
    ],
    ...rest,
  }
}

/** An accepted message for one mailbox. */
export function makeItem(mailbox: Place, overrides: ItemOverrides = {}): AcceptItem {
  const { journey, beyondQuota, ...object } = overrides
  const now = object.copy?.receivedAt ?? new Date()
  const journeyId = createId('jrn')
  return {
    journey: {
      id: journeyId,
      tenantId: SYSTEM_TENANT,
      direction: 'inbound',
      status: 'accepted',
      sender: 'sender@example.net',
      remoteAddress: '192.0.2.1',
      helo: 'mx.example.net',
      reply: `250 2.0.0 Accepted ${journeyId}`,
      steps: [],
      startedAt: now,
      recipients: [
        { tenantId: mailbox.tenantId, address: 'box@example.org', status: 'accepted', reply: '250 2.1.5 Ok' },
      ],
      ...journey,
    },
    objects: [makeObject(mailbox, object)],
    beyondQuota,
  }
}

function makeIndex(text: string, now: Date, given: Partial<MessageIndex>): MessageIndex {
  const summary = {
    subject: 'A subject',
    from: [{ name: 'Sender', address: 'sender@example.net' }],
    sender: null,
    to: [{ name: '', address: 'box@example.org' }],
    cc: [],
    bcc: [],
    replyTo: [],
    date: now,
    messageId: `${createId('msg')}@example.net`,
    inReplyTo: [],
    references: [],
    preview: text.slice(0, 200),
    attachments: [],
    hasAttachments: false,
    parseError: null,
    version: INDEX_VERSION,
    ...given,
  }
  const words = (addresses: { name: string; address: string }[]): string =>
    addresses.map(({ name, address }) => tokenText(`${name} ${address}`).text).join(' ')
  return {
    ...summary,
    search: given.search ?? {
      subject: tokenText(summary.subject).text,
      sender: words(summary.from),
      recipients: words([...summary.to, ...summary.cc]),
      body: tokenText(text).text,
    },
  }
}
