import { tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import { lockTag, type TagOwner, updateTagRow } from '@mairust/db/queries/tag'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { onTaken } from '../../taken.ts'
import { verb, unchanged, recorded } from '../../verb/index.ts'
import { changesNothing, type IdOnly, orIdOnly } from '../../wire/index.ts'
import { toColumns, toTagWire } from './internal.ts'
import { reachOf, requireTag } from './owner.ts'
import { type TagWire, updateTagInput, tagSchema } from './schemas.ts'

/**
 * Changes the name or the colour of a tag, on every message that has it.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT when the name is taken
 */
export const updateTag = verb({
  permission: 'tag:write',
  input: updateTagInput,
  output: orIdOnly(tagSchema),
  audit: 'tag.update',
  notify: ['tags'],
  run: (ctx, { id, ...given }, commit) =>
    commit(async (tx) => {
      const before = await requireTag(tx, ctx, 'tag:write', id, lockTag)
      const told = (tag: TagWire) =>
        toChangedTag(tx, ctx, { ...tenantScope(before.tenantId), ownerId: before.ownerId }, tag)
      const change = toColumns(given)
      if (changesNothing(change)) return unchanged(await told(toTagWire(before)))
      const after = toTagWire(orNotFound(await updateTagRow(tx, scopeOf(ctx), id, change), 'tag'))
      return recorded(await told(after), { targetId: id, before: toTagWire(before), after })
    }).catch(onTaken('There is already a tag with this name.')),
})

/** What a change answers: the tag as it is now, or its id alone to who may write but not read. */
const toChangedTag = async (tx: Db, ctx: ServiceContext, owner: TagOwner, tag: TagWire): Promise<TagWire | IdOnly> =>
  (await reachOf(tx, ctx, 'tag:read', owner)) === 'nothing' ? { id: tag.id } : tag
