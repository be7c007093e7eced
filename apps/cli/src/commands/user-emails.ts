import type { ServiceContext } from '@mairust/api/services'
import { allPages } from '../pages.ts'

/** Maps user ids to emails; `-` for null, the id itself for removed users. */
export async function userEmails(ctx: ServiceContext): Promise<(id: string | null) => string> {
  const { listUsers } = await import('@mairust/api/services')
  const users = await allPages(listUsers, ctx, {})
  const emails = new Map(users.map(({ id, email }) => [id, email]))
  return (id) => (id === null ? '-' : (emails.get(id) ?? id))
}
