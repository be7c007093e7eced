import { tenantScope } from '@mairust/db/queries/scope'
import { createId } from '@mairust/db'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { findMailbox } from '@mairust/db/queries/mailbox'
import { listFolders } from '../services/folder/index.ts'
import type { MailWorld } from './mail.ts'

/** A small message with a Message-ID of its own. */
export const plainMail = (subject: string): string =>
  `From: a@example.net\nSubject: ${subject}\nMessage-ID: <${createId('msg')}@x>\n\nBody\n`

/** The folders of the world's mailbox that are not empty: role or name, with the numbers of all and unseen messages. */
export async function counts({ ctx, mailbox }: MailWorld): Promise<Record<string, [number, number]>> {
  const { data } = await listFolders(ctx, { id: mailbox.id })
  const filled = data.filter(({ total, unseen }) => total !== 0 || unseen !== 0)
  return Object.fromEntries(filled.map(({ role, name, total, unseen }) => [role ?? name, [total, unseen]]))
}

/** The used bytes of the world's mailbox. */
export async function usedBytes({ runtime, mailbox }: MailWorld): Promise<number | undefined> {
  return (await findMailbox(runtime.db, tenantScope(mailbox.tenantId), mailbox.id))?.usedBytes
}

/** The actions in the audit log of the world's tenant. */
export async function audited({ runtime, mailbox }: MailWorld): Promise<string[]> {
  const entries = await listAuditEntries(runtime.db, tenantScope(mailbox.tenantId), {}, { limit: 100 })
  return entries.map(({ action }) => action)
}
