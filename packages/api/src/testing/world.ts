import { tenantScope } from '@mairust/db/queries/scope'
import { findMessage } from '@mairust/db/queries/message'
import { putSite } from '@mairust/db/queries/delivery-site'
import { ensureTagRows } from '@mairust/db/queries/tag'
import { createId } from '@mairust/db'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import { acceptMessages } from '@mairust/db/queries/accept'
import { makeDomain, makeMailbox, makeOutgoing } from '@mairust/db/testing'
import { deliver } from './mail.ts'
import { signIn, type TestApi } from './api.ts'
import { deadSite } from './site.ts'

/** A tenant with one resource of each kind, and callers inside and outside it. */
export interface World {
  admin: UserRow
  adminKey: string
  /** A user of the same tenant who owns nothing. */
  otherKey: string
  /** A super_admin of another tenant. */
  foreignKey: string
  mailbox: MailboxRow
  ids: Record<
    | 'domain'
    | 'mailbox'
    | 'alias'
    | 'user'
    | 'folder'
    | 'message'
    | 'draft'
    | 'thread'
    | 'journey'
    | 'delivery'
    | 'suppressed'
    | 'tag'
    | 'key'
    | 'session',
    string
  >
}

/** Makes a tenant with one resource of each kind. */
export const makeWorld = async (test: TestApi): Promise<World> => {
  const { db } = test.database
  const admin = await test.user({ role: 'super_admin' })
  const scope = tenantScope(admin.tenantId)
  const other = await test.user({}, admin.tenantId)
  const adminKey = await test.key(admin)
  const domain = await makeDomain(db, scope)
  const mailbox = await makeMailbox(db, scope, { domainId: domain.id, userId: admin.id, address: `box@${domain.name}` })
  const messageId = await deliver(
    test.database,
    test.runtime,
    mailbox,
    'From: a@example.org\nTo: b@example.org\nSubject: secret\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHello\n--x\nContent-Type: text/plain; name=a.txt\nContent-Disposition: attachment; filename=a.txt\n\nfile\n--x--\n',
  )
  const draft = { draft: true, folderRole: 'drafts', seen: true } as const
  const draftId = await deliver(
    test.database,
    test.runtime,
    mailbox,
    'From: a@example.org\nSubject: secret\n\nHello\n',
    draft,
  )
  const message = await findMessage(db, { ...scope, mailboxIds: 'all' }, messageId)
  const tagId = createId('tag')
  const tag = { id: tagId, name: `tag ${tagId}`, color: '#112233', createdAt: new Date() }
  await db.transaction((tx) => ensureTagRows(tx, { ...scope, ownerId: admin.id }, [tag]))
  const sent = { userId: admin.id, sender: mailbox.address, returnPath: mailbox.address }
  const [recipient, deliveryId] = [`secret.${createId('usr')}@example.org`, createId('dlv')]
  const outgoing = makeOutgoing(admin.tenantId, [recipient], {
    outgoing: sent,
    delivery: { id: deliveryId },
    journey: { userId: admin.id, sender: mailbox.address },
  })
  await db.transaction((tx) => acceptMessages(tx, [outgoing], test.database.changes))
  await putSite(db, deadSite(`mx.${domain.id.replace('_', '-')}.example`), new Date())
  const cookie = await signIn(test, admin)
  const created = async (path: string, body: unknown): Promise<string> =>
    (await test.send('POST', path, { as: adminKey, body })).data['id'] ?? ''
  const suppress = async (address: string): Promise<string> => {
    await created('/suppressions', { address })
    return address
  }
  const sessions = await test.send('GET', '/auth/sessions', { as: cookie })
  return {
    admin,
    adminKey,
    otherKey: await test.key(other),
    foreignKey: await test.key(await test.user({ role: 'super_admin' })),
    mailbox,
    ids: {
      domain: domain.id,
      mailbox: mailbox.id,
      user: other.id,
      alias: await created('/aliases', { address: `team@${domain.name}`, targets: [mailbox.address] }),
      folder: await created(`/mailboxes/${mailbox.id}/folders`, { name: 'Projects' }),
      message: messageId,
      draft: draftId,
      thread: message?.threadId ?? '',
      journey: message?.journeyId ?? '',
      delivery: deliveryId,
      suppressed: await suppress(`${createId('sup')}@example.org`),
      tag: tagId,
      key: await created('/admin/api-keys', { name: 'k', scopes: ['read'] }),
      session: sessions.items[0]?.['id'] ?? '',
    },
  }
}
