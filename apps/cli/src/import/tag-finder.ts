import type { ServiceContext } from '@mairust/api/services'
import { nameKey } from '@mairust/db/queries/name-key'
import { allPages } from '../pages.ts'
import { onceEach } from './once-each.ts'

/** Finds a tag of a mailbox's owner by name, or creates it; looks each up once. */
export const tagFinder = (ctx: ServiceContext, mailbox: string): ((name: string) => Promise<string>) =>
  onceEach(async (name) => {
    const { createTag, listTags } = await import('@mairust/api/services')
    const tags = await allPages(listTags, ctx, { mailbox })
    const found = tags.find((tag) => nameKey(tag.name) === nameKey(name))
    return (found ?? (await createTag(ctx, { name, mailbox }))).id
  })
