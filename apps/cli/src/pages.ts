import type { ServiceContext } from '@mairust/api/services'

interface Page<T> {
  data: T[]
  pagination: { cursor: string | null }
}
/** A list verb of the services. */
export type Verb<T, Input> = (
  ctx: ServiceContext,
  input: Input & { limit: number; cursor?: string },
) => Promise<Page<T>>

/** Collects all pages of a list verb. */
export async function allPages<T, Input extends object>(
  verb: Verb<T, Input>,
  ctx: ServiceContext,
  input: Input,
): Promise<T[]> {
  const found: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await verb(ctx, { ...input, limit: 100, ...(cursor === null ? {} : { cursor }) })
    found.push(...page.data)
    cursor = page.pagination.cursor
  } while (cursor !== null)
  return found
}
