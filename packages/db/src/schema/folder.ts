import type { Kit } from './kit.ts'
import type { defineMailboxes } from './mailbox.ts'
import { belongsTo, tenantRow } from './shared.ts'

/** Folders that every mailbox has, in the order they are made. `role` is null on folders a person made. */
export const FOLDER_ROLES = ['inbox', 'sent', 'drafts', 'archive', 'junk', 'trash', 'quarantine'] as const
export type FolderRole = (typeof FOLDER_ROLES)[number]

/** What stands for every folder where a folder is asked for. */
export const ANYWHERE = 'anywhere'

/** Folders of a mailbox; `name` is unique there without regard to case (`nameKey`). `total` and `unseen` are kept, not counted. */
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
      // Folders a person made have no role; nulls are distinct on both databases.
      c.uniqueIndex('folders_role_key').on(f.tenantId, f.mailboxId, f.role),
    ],
  )
