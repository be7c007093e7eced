import { notFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { orIdOnly } from '../../wire/index.ts'
import { flagMessages, requireChanged } from './change.ts'
import { toChangedMessage } from './changed.ts'
import { updateMessageInput, messageSchema } from './schemas.ts'
import { tagMessages, TOO_MANY_TAGS } from './tags.ts'
import { changeMessages } from './transact.ts'

/**
 * Sets flags and tags of a message. `tags` replaces all its tags; tags that do not exist are created.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, CONFLICT if it would have too many tags
 */
export const updateMessage = verb({
  permission: 'message:write',
  input: updateMessageInput,
  output: orIdOnly(messageSchema),
  audit: { none: 'flags and tags change whenever mail is read; creating a tag leaves its own entry' },
  run: (ctx, { id, seen, starred, answered, ...tags }, commit) =>
    changeMessages(ctx, commit, [id], async (tx, rows) => {
      if (rows.length === 0) throw notFound('message')
      if (seen !== undefined || starred !== undefined || answered !== undefined) {
        await flagMessages(tx, ctx, rows, { seen, starred, answered })
      }
      const changed = requireChanged(await tagMessages(tx, ctx, rows, tags), TOO_MANY_TAGS)
      return { result: await toChangedMessage(tx, ctx, id), changed, audited: null }
    }),
})
