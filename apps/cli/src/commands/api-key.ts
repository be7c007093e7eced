import type { ServiceContext } from '@mairust/api/services'
import { type Command, InvalidArgumentError } from 'commander'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { allPages } from '../pages.ts'
import { withServices } from '../services.ts'
import { deleted, resultCommand } from './kit.ts'
import { namedApiKey, namedUser } from './named.ts'

const SCOPES = ['read', 'write', 'send', 'admin', 'plugin', 'hooks:manage', 'plugins:manage', 'relay:manage'] as const
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

/** Whom a key acts for; undefined leaves it to the service, which takes the oldest administrator. */
async function ownerOf(ctx: ServiceContext, user: string | undefined): Promise<string | undefined> {
  if (user !== undefined) return (await namedUser(ctx, user)).id
  const { listUsers } = await import('@mairust/api/services')
  const { data } = await listUsers({ ctx, input: { role: 'super_admin', limit: 1 } })
  if (data.length === 0) throw new CliError('there is no administrator yet: make one with "mairust admin create EMAIL"')
  return undefined
}

async function create(io: Io, { name, scopes, user, ...format }: CreateOptions): Promise<void> {
  const { createApiKey } = await import('@mairust/api/services')
  const key = await withServices(io, async (ctx) =>
    createApiKey({ ctx, input: { name, scopes, user_id: await ownerOf(ctx, user) } }),
  )
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
  const { removeApiKey } = await import('@mairust/api/services')
  const id = await withServices(io, async (ctx) => {
    const { id: keyId } = await namedApiKey(ctx, name)
    await removeApiKey({ ctx, input: { id: keyId } })
    return keyId
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
  resultCommand(apiKey, 'revoke <id>', 'end a key, by its id, or by its name when no other has it').action(
    (id: string, format: Format) => revoke(io, id, format),
  )
}
