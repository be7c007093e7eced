import type { Command } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { allPages } from '../pages.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'
import { namedDomain } from './named.ts'

async function add(
  io: Io,
  name: string,
  { active, aliasOf, ...format }: Format & { active?: boolean | undefined; aliasOf?: string | undefined },
): Promise<void> {
  const { createDomain } = await import('@mairust/api/services')
  const domain = await withServices(io, async (ctx) => {
    const input = { name, ...(active === true ? { active } : {}) }
    return createDomain({
      ctx,
      input: aliasOf === undefined ? input : { ...input, alias_of_id: (await namedDomain(ctx, aliasOf)).id },
    })
  })
  printOne(io, format, domain, ({ name: made, status }) => `added ${made} (${status})`)
}

async function list(io: Io, format: Format): Promise<void> {
  const { listDomains } = await import('@mairust/api/services')
  const domains = await withServices(io, (ctx) => allPages(listDomains, ctx, {}))
  printList(io, format, domains, {
    ID: (d) => d.id,
    NAME: (d) => d.name,
    STATUS: (d) => d.status,
    CREATED: (d) => d.created_at,
  })
}

async function dns(io: Io, name: string, format: Format): Promise<void> {
  const { listDomainRecords } = await import('@mairust/api/services')
  const { data: records } = await withServices(io, async (ctx) => {
    const { id } = await namedDomain(ctx, name)
    return listDomainRecords({ ctx, input: { id } })
  })
  printList(io, format, records, { NAME: (r) => r.name, TYPE: (r) => r.type, VALUE: (r) => r.value })
}

async function verify(io: Io, name: string, format: Format): Promise<void> {
  const { verifyDomain } = await import('@mairust/api/services')
  const result = await withServices(io, async (ctx) => {
    const { id } = await namedDomain(ctx, name)
    return verifyDomain({ ctx, input: { id } })
  })
  printOne(io, format, result, ({ verified, expected, status }) =>
    verified ? `${name} is ${status}` : `not found yet: ${expected.name} TXT ${expected.value}`,
  )
  if (!result.verified) throw new CliError('', EXIT.problems)
}

/** `domain add|list|dns|verify`. */
export function addDomain(program: Command, io: Io): void {
  const domain = program.command('domain').description('domains that mail is received for')
  resultCommand(domain, 'add <name>', 'add a domain; it is pending until its ownership is proved')
    .option('--active', 'skip the proof and receive mail at once')
    .option('--alias-of <domain>', 'every address of it is the same address of this domain')
    .action((name: string, options: Format) => add(io, name, options))
  resultCommand(domain, 'list', 'list the domains').action((format: Format) => list(io, format))
  resultCommand(domain, 'dns <name>', 'list the DNS records the domain needs').action((name: string, format: Format) =>
    dns(io, name, format),
  )
  resultCommand(domain, 'verify <name>', 'look for the DNS record that proves who owns the domain').action(
    (name: string, format: Format) => verify(io, name, format),
  )
}
