import type { ServiceContext } from '@mairust/api/services'
import { SCOPES, type Scope } from '@mairust/db/names'
import { type Command, InvalidArgumentError } from 'commander'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Format, printOne } from '../output.ts'
import { withServices } from '../services.ts'
import { addApiKeyList } from './api-key-list.ts'
import { resultCommand } from './kit.ts'
import { namedApiKey, namedUser } from './named.ts'

/** Reads `read,write`. */
function parseScopes(text: string): Scope[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !isScope(name))
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is not a scope; use ${SCOPES.join(', ')}.`)
  return names.filter(isScope)
}

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text)

const DAY_MS = 86_400_000
const NEVER = 'never'

/** Parses an expiry: a day (its end, in UTC), a time, a number of days such as `90d`, or `never`. */
function parseExpiry(text: string): string {
  if (text === NEVER) return NEVER
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  if (days !== undefined) return new Date(Date.now() + Number(days) * DAY_MS).toISOString()
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const at = isDay ? Date.parse(text) + DAY_MS : /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at))
    throw new InvalidArgumentError(
      'It must be a day such as 2027-01-31, a time, a number of days such as 90d, or never.',
    )
  return new Date(at).toISOString()
}

interface CreateOptions extends Format {
  name: string
  scopes: Scope[]
  expires?: string | undefined
  user?: string | undefined
}

/** The id of the user a key acts for; undefined makes the service use the oldest administrator. */
async function ownerOf(ctx: ServiceContext, user: string | undefined): Promise<string | undefined> {
  if (user !== undefined) return (await namedUser(ctx, user)).id
  const { listUsers } = await import('@mairust/api/services')
  const { data } = await listUsers(ctx, { role: 'super_admin', limit: 1 })
  if (data.length === 0)
    throw new CliError('there is no administrator yet: create one with "mairust admin create EMAIL"')
  return undefined
}

async function create(io: Io, { name, scopes, expires, user, ...format }: CreateOptions): Promise<void> {
  const { createApiKey } = await import('@mairust/api/services')
  const key = await withServices(io, async (ctx) =>
    createApiKey(ctx, {
      name,
      scopes,
      expires_at: expires === NEVER ? null : expires,
      user_id: await ownerOf(ctx, user),
    }),
  )
  // The only time the key is shown.
  printOne(io, format, key, (made) => made.key)
}

async function revoke(io: Io, name: string, format: Format): Promise<void> {
  const { removeApiKey } = await import('@mairust/api/services')
  const answer = await withServices(io, async (ctx) => removeApiKey(ctx, { id: (await namedApiKey(ctx, name)).id }))
  printOne(io, format, answer, () => `revoked ${name}`)
}

/** `api-key create|list|revoke`. */
export function addApiKey(program: Command, io: Io): void {
  const apiKey = program.command('api-key').description('manage API keys')
  resultCommand(apiKey, 'create', 'create a key and print it; it is shown only once')
    .requiredOption('--name <name>', 'what the key is for')
    .requiredOption('--scopes <scopes>', `what it may do, comma-separated: ${SCOPES.join(', ')}`, parseScopes)
    .option(
      '--expires <when>',
      'when it expires: a day, a time, days such as 90d, or never (default: 365d)',
      parseExpiry,
    )
    .option('--user <email>', 'the user it acts for (default: the oldest administrator)')
    .action((options: CreateOptions) => create(io, options))
  addApiKeyList(apiKey, io)
  resultCommand(apiKey, 'revoke <id>', 'revoke a key, by id or by unique name').action((id: string, format: Format) =>
    revoke(io, id, format),
  )
}
