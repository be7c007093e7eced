import type { Kit } from './kit.ts'
import type { defineMessages } from './message.ts'
import { belongsTo, belongsToTenant, tenantRow } from './shared.ts'
import type { defineTenants } from './tenant.ts'

/**
 * Tags. Each belongs to one owner, whose mailboxes share it; `name` is unique there, ignoring case (`nameKey`). `ownerId` is a user
 * or a mailbox without one, so it cannot be a foreign key: queries/tag-owner maintains it.
 */
export const defineTags = (c: Kit, t: { tenants: ReturnType<typeof defineTenants> }) =>
  c.table(
    'tags',
    {
      ...tenantRow(c),
      ownerId: c.id().notNull(),
      name: c.text().notNull(),
      nameKey: c.text().notNull(),
      /** `#rrggbb`. */
      color: c.text().notNull(),
      createdAt: c.time().notNull(),
    },
    (g) => [
      c.primaryKey({ name: 'tags_pk', columns: [g.tenantId, g.id] }),
      belongsToTenant(c, 'tags_tenant_fk', g.tenantId, t.tenants),
      c.uniqueIndex('tags_name_key').on(g.tenantId, g.ownerId, g.nameKey),
      // A search by name covers the tags of every owner whose mail it may read.
      c.index('tags_lookup_idx').on(g.tenantId, g.nameKey),
    ],
  )

/** The tags of each message. */
export const defineMessageTags = (
  c: Kit,
  t: { messages: ReturnType<typeof defineMessages>; tags: ReturnType<typeof defineTags> },
) =>
  c.table('message_tags', { tenantId: c.id().notNull(), messageId: c.id().notNull(), tagId: c.id().notNull() }, (x) => [
    c.primaryKey({ name: 'message_tags_pk', columns: [x.tenantId, x.messageId, x.tagId] }),
    belongsTo(c, 'message_tags_message_fk', [x.tenantId, x.messageId], t.messages).onDelete('cascade'),
    belongsTo(c, 'message_tags_tag_fk', [x.tenantId, x.tagId], t.tags).onDelete('cascade'),
    c.index('message_tags_tag_idx').on(x.tenantId, x.tagId, x.messageId),
  ])
