import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { allPages } from '../pages.ts'
import { withServices } from '../services.ts'
import { deleted, resultCommand } from './kit.ts'
import { namedAlias } from './named.ts'

async function add(io: Io, address: string, targets: string[], format: Format): Promise<void> {
  const { createAlias } = await import('@mairust/api/services')
  const alias = await withServices(io, (ctx) => createAlias({ ctx, input: { address, targets } }))
  printOne(io, format, alias, (made) => `added ${made.address} to ${made.targets.join(', ')}`)
}

async function list(io: Io, format: Format): Promise<void> {
  const { listAliases } = await import('@mairust/api/services')
  const aliases = await withServices(io, (ctx) => allPages(listAliases, ctx, {}))
  printList(io, format, aliases, {
    ID: (a) => a.id,
    ADDRESS: (a) => a.address,
    STATE: (a) => (a.enabled ? 'enabled' : 'disabled'),
    TARGETS: (a) => a.targets.join(', '),
  })
}

async function remove(io: Io, address: string, format: Format): Promise<void> {
  const { removeAlias } = await import('@mairust/api/services')
  const id = await withServices(io, async (ctx) => {
    const { id: aliasId } = await namedAlias(ctx, address)
    await removeAlias({ ctx, input: { id: aliasId } })
    return aliasId
  })
  printOne(io, format, deleted(id), () => `removed ${address}`)
}

/** `alias add|list|remove`. */
export function addAlias(program: Command, io: Io): void {
  const alias = program.command('alias').description('addresses that lead to others')
  resultCommand(alias, 'add <address> <targets...>', 'lead an address to one or more others').action(
    (address: string, targets: string[], format: Format) => add(io, address, targets, format),
  )
  resultCommand(alias, 'list', 'list the aliases').action((format: Format) => list(io, format))
  resultCommand(alias, 'remove <address>', 'remove an alias').action((address: string, format: Format) =>
    remove(io, address, format),
  )
}
