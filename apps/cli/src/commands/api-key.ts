import { type Command, InvalidArgumentError } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { allPages, findNamed, search } from '../pages.ts'
import { withServices } from '../services.ts'
import { deleted, resultCommand } from './kit.ts'

const SCOPES = ['read', 'write', 'send', 'admin', 'plugin'] as const
type Scope = (typeof SCOPES)[number]

/** Reads `read,write`. */
function parseScopes(text: string): Scope[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !isScope(name))
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${SCOPES.join(', ')}.`)
  return names.filter(isScope)
}

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text)

interface CreateOptions extends Format {
  name: string
  scopes: Scope[]
  user?: string | undefined
}

async function create(io: Io, { name, scopes, user, ...format }: CreateOptions): Promise<void> {
  const { createApiKey, listUsers } = await import('@mairust/api/services')
  const key = await withServices(io, async (ctx) => {
    const userId =
      user === undefined
        ? undefined
        : (await findNamed(listUsers, ctx, { what: 'user', name: user, of: (each) => each.email, input: search })).id
    return createApiKey({ ctx, input: { name, scopes, user_id: userId } })
  })
  // The one time the key is shown.
  printOne(io, format, key, (made) => made.key)
}

async function list(io: Io, format: Format): Promise<void> {
  const { listApiKeys } = await import('@mairust/api/services')
  const keys = await withServices(io, (ctx) => allPages(listApiKeys, ctx, {}))
  printList(io, format, keys, {
    ID: (k) => k.id,
    NAME: (k) => k.name,
    SCOPES: (k) => k.scopes.map((scope) => (typeof scope === 'string' ? scope : scope.scope)).join(','),
    EXPIRES: (k) => k.expires_at ?? '-',
  })
}

async function revoke(io: Io, name: string, format: Format): Promise<void> {
  const { listApiKeys, removeApiKey } = await import('@mairust/api/services')
  const id = await withServices(io, async (ctx) => {
    const key = await findNamed(listApiKeys, ctx, { what: 'API key', name, of: (each) => each.name, input: () => ({}) })
    await removeApiKey({ ctx, input: { id: key.id } })
    return key.id
  })
  printOne(io, format, deleted(id), () => `revoked ${name}`)
}

/** `api-key create|list|revoke`. */
export function addApiKey(program: Command, io: Io): void {
  const apiKey = program.command('api-key').description('keys for programs that use the API')
  resultCommand(apiKey, 'create', 'make a key; it is printed once')
    .requiredOption('--name <name>', 'what the key is for')
    .requiredOption('--scopes <scopes>', `what it may do: ${SCOPES.join(', ')}`, parseScopes)
    .option('--user <email>', 'whom it acts for; without it, the oldest administrator')
    .action((options: CreateOptions) => create(io, options))
  resultCommand(apiKey, 'list', 'list the keys').action((format: Format) => list(io, format))
  resultCommand(apiKey, 'revoke <id>', 'end a key, by its id or name').action((id: string, format: Format) =>
    revoke(io, id, format),
  )
}
