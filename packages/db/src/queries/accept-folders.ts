import { and, eq, sql } from 'drizzle-orm'
import { updateFrom } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import type { AcceptCopy } from './accept-types.ts'

/** The folder that a copy goes to. */
export interface PlacedIn {
  id: string
  isTrash: boolean
}

/** A folder of a mailbox, as named by copies. */
interface Target {
  tenantId: string
  mailboxId: string
  /** Role or id. */
  name: string
  total: number
  unseen: number
}

/**
 * Adds copies to the counters of their folders and returns a function from copy to folder. Throws when a folder is not in the
 * copy's mailbox.
 */
export async function countInFolders(tx: Db, copies: readonly AcceptCopy[]): Promise<(copy: AcceptCopy) => PlacedIn> {
  const byRole = targetsOf(copies.filter(({ folderId }) => folderId === undefined))
  const byId = targetsOf(copies.filter(({ folderId }) => folderId !== undefined))
  const { folders } = tx.tables
  const found = new Map([...(await count(tx, byRole, folders.role)), ...(await count(tx, byId, folders.id))])
  const folderOf = (copy: AcceptCopy): PlacedIn => {
    const folder = found.get(keyOf(copy.mailboxId, nameOf(copy)))
    if (folder === undefined) throw new Error(`the mailbox ${copy.mailboxId} has no folder ${nameOf(copy)}`)
    return folder
  }
  for (const copy of copies) folderOf(copy)
  return folderOf
}

const nameOf = ({ folderId, folderRole }: AcceptCopy): string => folderId ?? folderRole ?? 'inbox'
const keyOf = (mailboxId: string, name: string): string => `${mailboxId} ${name}`

function targetsOf(copies: readonly AcceptCopy[]): Target[] {
  const targets = new Map<string, Target>()
  for (const copy of copies) {
    const { tenantId, mailboxId } = copy
    const name = nameOf(copy)
    const key = keyOf(mailboxId, name)
    const target = targets.get(key) ?? { tenantId, mailboxId, name, total: 0, unseen: 0 }
    target.total += 1
    if (copy.seen !== true) target.unseen += 1
    targets.set(key, target)
  }
  return [...targets.values()]
}

type NameColumn = Db['tables']['folders']['role'] | Db['tables']['folders']['id']

async function count(tx: Db, targets: Target[], column: NameColumn): Promise<[key: string, folder: PlacedIn][]> {
  const { folders } = tx.tables
  const rows = await updateFrom(
    tx,
    [folders.tenantId, folders.mailboxId, column, folders.total, folders.unseen],
    targets.map(({ tenantId, mailboxId, name, total, unseen }) => [tenantId, mailboxId, name, total, unseen]),
    (values) => sql`update ${folders} set total = total + v.column4, unseen = unseen + v.column5 from ${values} as v
        where ${and(
          eq(folders.tenantId, sql`v.column1`),
          eq(folders.mailboxId, sql`v.column2`),
          eq(column, sql`v.column3`),
        )} returning ${folders.mailboxId}, ${column}, ${folders.id}, ${folders.role}`,
  )
  return rows.map(([mailboxId, name, id, role]) => [
    keyOf(String(mailboxId), String(name)),
    { id: String(id), isTrash: role === 'trash' },
  ])
}
