import type { ServiceContext } from '@mairust/api/services'
import { nameKey } from '@mairust/db/queries/name-key'
import { allPages } from '../pages.ts'
import { onceEach } from './once-each.ts'

/**
 * Finds a tag of a mailbox's owner by name, or creates it; looks each up once. Null when the owner has as many as there can be: mail
 * names tags as it likes, and must not stop the import.
 */
export function tagFinder(
  ctx: ServiceContext,
  mailbox: string,
  onLeftOut: (name: string, limit: number) => void,
): (name: string) => Promise<string | null> {
  let known: Map<string, string> | null = null
  return onceEach(async (name) => {
    const { createTag, LIMITS, listTags } = await import('@mairust/api/services')
    known ??= new Map((await allPages(listTags, ctx, { mailbox })).map((tag) => [nameKey(tag.name), tag.id]))
    const found = known.get(nameKey(name))
    if (found !== undefined) return found
    if (known.size >= LIMITS.tags) {
      onLeftOut(name, LIMITS.tags)
      return null
    }
    const { id } = await createTag(ctx, { name, mailbox })
    known.set(nameKey(name), id)
    return id
  })
}
