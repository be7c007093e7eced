import { type Command, Option } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { allPages } from '../pages.ts'
import { withServices } from '../services.ts'
import { requireChange, resultCommand } from './kit.ts'
import { namedAlias } from './named.ts'

interface AddOptions extends Format {
  maySendAs?: boolean | undefined
}

async function add(io: Io, address: string, targets: string[], options: AddOptions): Promise<void> {
  const { createAlias } = await import('@mairust/api/services')
  const input = { address, targets, may_send_as: options.maySendAs }
  const alias = await withServices(io, (ctx) => createAlias(ctx, input))
  printOne(io, options, alias, (made) => `added ${made.address} to ${made.targets.join(', ')}`)
}

async function list(io: Io, format: Format): Promise<void> {
  const { listAliases } = await import('@mairust/api/services')
  const aliases = await withServices(io, (ctx) => allPages(listAliases, ctx, {}))
  printList(io, format, aliases, {
    ID: (a) => a.id,
    ADDRESS: (a) => a.address,
    STATE: (a) => (a.enabled ? 'enabled' : 'disabled'),
    CREATED: (a) => a.created_at,
    'SEND AS': (a) => (a.may_send_as ? 'yes' : 'no'),
    TARGETS: (a) => a.targets.join(', '),
  })
}

interface ChangeOptions extends Format {
  address?: string | undefined
  targets?: string[] | undefined
  enable?: true | undefined
  disable?: true | undefined
  maySendAs?: 'yes' | 'no' | undefined
}

async function change(io: Io, address: string, options: ChangeOptions): Promise<void> {
  const { address: newAddress, targets, enable, disable, maySendAs, ...format } = options
  const enabled = enable ?? (disable === true ? false : undefined)
  const may = maySendAs === undefined ? undefined : maySendAs === 'yes'
  const input = requireChange(
    { address: newAddress, targets, enabled, may_send_as: may },
    '--address, --targets, --enable, --disable, --may-send-as',
  )
  const { updateAlias } = await import('@mairust/api/services')
  const alias = await withServices(io, async (ctx) => {
    const { id } = await namedAlias(ctx, address)
    return updateAlias(ctx, { id, ...input })
  })
  printOne(
    io,
    format,
    alias,
    (made) => `${made.address} delivers to ${made.targets.join(', ')}${made.enabled ? '' : ' (disabled)'}`,
  )
}

async function remove(io: Io, address: string, format: Format): Promise<void> {
  const { removeAlias } = await import('@mairust/api/services')
  const answer = await withServices(io, async (ctx) => removeAlias(ctx, { id: (await namedAlias(ctx, address)).id }))
  printOne(io, format, answer, () => `removed ${address}`)
}

/** `alias add|list|change|remove`. */
export function addAlias(program: Command, io: Io): void {
  const alias = program.command('alias').description('manage aliases, addresses that deliver to others')
  resultCommand(alias, 'add <address> <targets...>', 'add an alias for one or more addresses')
    .option('--may-send-as', 'let the owners of its targets send as the alias')
    .action((address: string, targets: string[], options: AddOptions) => add(io, address, targets, options))
  resultCommand(alias, 'list', 'list the aliases').action((format: Format) => list(io, format))
  resultCommand(alias, 'change <address>', 'change the targets of an alias, or enable or disable it')
    .option('--address <address>', 'a new address')
    .option('--targets <addresses...>', 'new targets; they replace the old ones')
    .addOption(new Option('--enable', 'accept mail again').conflicts('disable'))
    .option('--disable', 'refuse mail; the address stays reserved')
    .addOption(
      new Option('--may-send-as <answer>', 'whether the owners of its targets may send as the alias').choices([
        'yes',
        'no',
      ]),
    )
    .action((address: string, options: ChangeOptions) => change(io, address, options))
  resultCommand(alias, 'remove <address>', 'remove an alias').action((address: string, format: Format) =>
    remove(io, address, format),
  )
}
