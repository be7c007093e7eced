import type { Db } from '@mairust/db'
import { lockTag, type TagOwner, updateTagRow } from '@mairust/db/queries/tag'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { onTaken } from '../../taken.ts'
import { verb, unchanged, recorded } from '../../verb/index.ts'
import { changesNothing, type IdOnly, orIdOnly } from '../../wire/index.ts'
import { toColumns, toTagWire } from './internal.ts'
import { requireTag, tagAccess } from './owner.ts'
import { type TagWire, updateTagInput, tagSchema } from './schemas.ts'

/**
 * Changes the name or the colour of a tag, on every message that has it.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT if the name is taken
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
      const toAnswer = (tag: TagWire) => toChangedTag(tx, ctx, { ...scopeOf(ctx), ownerId: before.ownerId }, tag)
      const change = toColumns(given)
      if (changesNothing(change)) return unchanged(await toAnswer(toTagWire(before)))
      const after = toTagWire(orNotFound(await updateTagRow(tx, scopeOf(ctx), id, change), 'tag'))
      return recorded(await toAnswer(after), { targetId: id, before: toTagWire(before), after })
    }).catch(onTaken('There is already a tag with this name.')),
})

/** What a change returns: the tag as it is now, or only its id if the actor may write but not read. */
const toChangedTag = async (tx: Db, ctx: ServiceContext, owner: TagOwner, tag: TagWire): Promise<TagWire | IdOnly> =>
  (await tagAccess(tx, ctx, 'tag:read', owner)) === 'none' ? { id: tag.id } : tag
