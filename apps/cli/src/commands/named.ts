import type { ServiceContext } from '@mairust/api/services'
import { normaliseAddress, parseDomain } from '@mairust/mail-core/address'
import { editDistance, nearest } from '@mairust/config'
import { CliError, EXIT } from '../exit.ts'
import { allPages, type Verb } from '../pages.ts'

interface Kind<T> {
  what: string
  /** The name in its stored form; null when it is invalid. */
  stored: (name: string) => string | null
  of: (entry: T) => string
}

/** Names that differ by more are not suggested. */
const MAX_TYPOS = 3

/** ` (did you mean …?)` when a name is close to that of an entry, else ''. */
function hint(name: string, names: readonly string[]): string {
  const found = nearest(name, names)
  const typos = found === undefined ? Infinity : editDistance(name, found)
  return found !== undefined && typos <= Math.min(MAX_TYPOS, name.length / 3) ? ` (did you mean ${found}?)` : ''
}

const domain = (name: string): string | null => {
  const parsed = parseDomain(name)
  return parsed.ok ? parsed.value : null
}

/**
 * Finds the entry of a list with this id or name.
 * @param search makes the verb's input to find candidates; '' lists everything
 * @throws CliError exit status 3 when there is none, 1 when there are several
 */
async function findNamed<T extends { id: string }, Input extends object>(
  { what, stored, of }: Kind<T>,
  verb: Verb<T, Input>,
  ctx: ServiceContext,
  name: string,
  search: (q: string) => Input,
): Promise<T> {
  const text = name.trim()
  const isId = /^[a-z]{3,4}_[0-9a-z]{26}$/.test(text)
  const wanted = stored(text) ?? text.toLowerCase()
  const entries = await allPages(verb, ctx, search(isId ? '' : wanted))
  const found = entries.filter((entry) => entry.id === text || of(entry) === wanted)
  const [only, second] = found
  if (only === undefined) {
    const page = isId ? { data: [] } : await verb(ctx, { ...search(''), limit: 100 })
    throw new CliError(`there is no ${what} ${name}${hint(wanted, page.data.map(of))}`, EXIT.notFound)
  }
  if (second === undefined) return only
  throw new CliError(`several are named ${name}; give the id instead: ${found.map(({ id }) => id).join(', ')}`)
}

const byText = (q: string): { q?: string } => (q === '' ? {} : { q })

/** The domain with this id or name. */
export const namedDomain = async (ctx: ServiceContext, name: string) => {
  const { listDomains } = await import('@mairust/api/services')
  return findNamed({ what: 'domain', stored: domain, of: (each) => each.name }, listDomains, ctx, name, byText)
}

/** The user with this id or email address. */
export const namedUser = async (ctx: ServiceContext, name: string) => {
  const { listUsers } = await import('@mairust/api/services')
  return findNamed({ what: 'user', stored: normaliseAddress, of: (each) => each.email }, listUsers, ctx, name, byText)
}

/** The mailbox with this id or address. */
export const namedMailbox = async (ctx: ServiceContext, name: string) => {
  const { listMailboxes } = await import('@mairust/api/services')
  const kind = { what: 'mailbox', stored: normaliseAddress, of: (each: { address: string }) => each.address }
  return findNamed(kind, listMailboxes, ctx, name, byText)
}

/** The alias with this id or address. */
export const namedAlias = async (ctx: ServiceContext, name: string) => {
  const { listAliases } = await import('@mairust/api/services')
  const kind = { what: 'alias', stored: normaliseAddress, of: (each: { address: string }) => each.address }
  return findNamed(kind, listAliases, ctx, name, byText)
}

/** The API key with this id or name; the name must be unique. */
export const namedApiKey = async (ctx: ServiceContext, name: string) => {
  const { listApiKeys } = await import('@mairust/api/services')
  const kind = { what: 'API key', stored: (text: string) => text, of: (each: { name: string }) => each.name }
  return findNamed(kind, listApiKeys, ctx, name, () => ({}))
}
