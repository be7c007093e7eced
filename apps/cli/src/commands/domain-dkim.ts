import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { allPages } from '../pages.ts'
import { type Format, printList } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'
import { namedDomain } from './named.ts'

interface Key {
  readonly selector: string
  readonly algorithm: string
  readonly state: string
  readonly record_name: string
  readonly created_at: string
}

const print = (io: Io, format: Format, keys: readonly Key[]): void =>
  printList(io, format, keys, {
    SELECTOR: (key) => key.selector,
    ALGORITHM: (key) => key.algorithm,
    STATE: (key) => key.state,
    RECORD: (key) => key.record_name,
    CREATED: (key) => key.created_at,
  })

async function list(io: Io, name: string, format: Format): Promise<void> {
  const { listDkimKeys } = await import('@mairust/api/services')
  const keys = await withServices(io, async (ctx) =>
    allPages(listDkimKeys, ctx, { id: (await namedDomain(ctx, name)).id }),
  )
  print(io, format, keys)
}

async function rotate(io: Io, name: string, format: Format): Promise<void> {
  const { rotateDkimKeys } = await import('@mairust/api/services')
  const { keys } = await withServices(io, async (ctx) => rotateDkimKeys(ctx, { id: (await namedDomain(ctx, name)).id }))
  print(io, format, keys)
}

interface ActivateOptions extends Format {
  force?: boolean | undefined
}

async function activate(io: Io, name: string, { force = false, ...format }: ActivateOptions): Promise<void> {
  const { activateDkimKeys } = await import('@mairust/api/services')
  const { keys } = await withServices(io, async (ctx) =>
    activateDkimKeys(ctx, { id: (await namedDomain(ctx, name)).id, force }),
  )
  print(io, format, keys)
}

/** `domain dkim list|rotate|activate`. */
export function addDomainDkim(domain: Command, io: Io): void {
  const dkim = domain.command('dkim').description('manage the keys that sign the mail of a domain')
  resultCommand(dkim, 'list <name>', 'list the keys of a domain').action((name: string, format: Format) =>
    list(io, name, format),
  )
  resultCommand(dkim, 'rotate <name>', 'make new keys; each replaces the present one when its record is in DNS').action(
    (name: string, format: Format) => rotate(io, name, format),
  )
  resultCommand(dkim, 'activate <name>', 'let pending keys sign whose records are in DNS')
    .option('--force', 'let them sign even if their records are not in DNS yet')
    .action((name: string, options: ActivateOptions) => activate(io, name, options))
}
