import type { Kit } from './kit.ts'
import type { defineMailboxes } from './mailbox.ts'
import { belongsTo, tenantRow } from './shared.ts'

/** Folders of every mailbox, in order of creation. `role` is null on folders created by users. */
export const FOLDER_ROLES = ['inbox', 'sent', 'drafts', 'archive', 'junk', 'trash', 'quarantine'] as const
export type FolderRole = (typeof FOLDER_ROLES)[number]

/** Means every folder where a folder is expected. */
export const ANYWHERE = 'anywhere'

/** Folders of a mailbox; `name` is unique there, ignoring case (`nameKey`). `total` and `unseen` are maintained, not counted. */
export const defineFolders = (c: Kit, t: { mailboxes: ReturnType<typeof defineMailboxes> }) =>
  c.table(
    'folders',
    {
      ...tenantRow(c),
      mailboxId: c.id().notNull(),
      name: c.text().notNull(),
      nameKey: c.text().notNull().default(''),
      role: c.oneOf(FOLDER_ROLES),
      total: c.int().notNull().default(0),
      unseen: c.int().notNull().default(0),
      createdAt: c.time().notNull(),
    },
    (f) => [
      c.primaryKey({ name: 'folders_pk', columns: [f.tenantId, f.id] }),
      belongsTo(c, 'folders_mailbox_fk', [f.tenantId, f.mailboxId], t.mailboxes).onDelete('cascade'),
      c.uniqueIndex('folders_name_key').on(f.tenantId, f.mailboxId, f.nameKey),
      // Folders created by users have no role; nulls are distinct on both databases.
      c.uniqueIndex('folders_role_key').on(f.tenantId, f.mailboxId, f.role),
    ],
  )
