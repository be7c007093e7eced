import { AppError } from '../../errors.ts'
import { created, verb } from '../../verb/index.ts'
import { addTags, newTag, toTagWire } from './internal.ts'
import { requireTagOwner } from './owner.ts'
import { createTagInput, tagSchema } from './schemas.ts'

/**
 * Adds a tag for the actor, or for the owner of a mailbox. An owner's tags must differ in more than case.
 * @throws AppError FORBIDDEN, NOT_FOUND for the mailbox, VALIDATION_ERROR, CONFLICT if the name is taken or there are too many
 */
export const createTag = verb({
  permission: 'tag:write',
  input: createTagInput,
  output: tagSchema,
  audit: 'tag.create',
  notify: ['tags'],
  run: async (ctx, { mailbox, ...given }, commit) => {
    const owner = await requireTagOwner(ctx, 'tag:write', mailbox)
    const wanted = newTag(ctx, given)
    return commit(async (tx) => {
      const [tag] = (await addTags(tx, owner, [wanted])).created
      if (tag === undefined) throw new AppError('CONFLICT', 'There is already a tag with this name.')
      return created(toTagWire(tag))
    })
  },
})
