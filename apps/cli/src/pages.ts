import type { ServiceContext } from '@mairust/api/services'
import { CliError, EXIT } from './exit.ts'

interface Page<T> {
  data: T[]
  pagination: { cursor: string | null }
}
type Verb<T, Input> = (call: {
  ctx: ServiceContext
  input: Input & { limit: number; cursor?: string }
}) => Promise<Page<T>>

/** Everything a list verb gives, page by page. */
export async function allPages<T, Input extends object>(
  verb: Verb<T, Input>,
  ctx: ServiceContext,
  input: Input,
): Promise<T[]> {
  const found: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await verb({ ctx, input: { ...input, limit: 100, ...(cursor === null ? {} : { cursor }) } })
    found.push(...page.data)
    cursor = page.pagination.cursor
  } while (cursor !== null)
  return found
}

/**
 * The one entry of a list that is named by its id or by `name`. `input` narrows the list to likely ones where the verb
 * can search.
 * @throws CliError exit status 3 when there is none
 */
export async function findNamed<T extends { id: string }, Input extends object>(
  verb: Verb<T, Input>,
  ctx: ServiceContext,
  { what, name, of, input }: { what: string; name: string; of: (entry: T) => string; input: (q: string) => Input },
): Promise<T> {
  const wanted = name.trim().toLowerCase()
  // An empty search finds all: ids are not searched for.
  const candidates = await allPages(verb, ctx, input(isId(wanted) ? '' : wanted))
  const found = candidates.find((entry) => entry.id === wanted || of(entry).toLowerCase() === wanted)
  if (found === undefined) throw new CliError(`there is no ${what} ${name}`, EXIT.notFound)
  return found
}

const isId = (text: string): boolean => /^[a-z]{3,4}_[0-9a-z]{26}$/.test(text)

/** The search for a verb that has one. */
export const search = (q: string): { q?: string } => (q === '' ? {} : { q })
