import { type Command, Option } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { allPages } from '../pages.ts'
import { withServices } from '../services.ts'
import { addDomainDkim } from './domain-dkim.ts'
import { addDomainDns } from './domain-dns.ts'
import { requireChange, resultCommand } from './kit.ts'
import { namedDomain } from './named.ts'

interface AddOptions extends Format {
  active?: boolean | undefined
  aliasOf?: string | undefined
}

async function add(io: Io, name: string, { active, aliasOf, ...format }: AddOptions): Promise<void> {
  const { createDomain } = await import('@mairust/api/services')
  const domain = await withServices(io, async (ctx) => {
    const input = { name, ...(active === true ? { active } : {}) }
    return createDomain(
      ctx,
      aliasOf === undefined ? input : { ...input, alias_of_id: (await namedDomain(ctx, aliasOf)).id },
    )
  })
  printOne(io, format, domain, ({ name: made, status }) => `added ${made} (${status})`)
}

async function list(io: Io, format: Format): Promise<void> {
  const { listDomains } = await import('@mairust/api/services')
  const domains = await withServices(io, (ctx) => allPages(listDomains, ctx, {}))
  const names = new Map(domains.map(({ id, name }) => [id, name]))
  printList(io, format, domains, {
    ID: (d) => d.id,
    NAME: (d) => d.name,
    STATUS: (d) => d.status,
    'ALIAS OF': (d) => (d.alias_of_id === null ? '-' : (names.get(d.alias_of_id) ?? d.alias_of_id)),
    CREATED: (d) => d.created_at,
  })
}

async function verify(io: Io, name: string, format: Format): Promise<void> {
  const { verifyDomain } = await import('@mairust/api/services')
  const result = await withServices(io, async (ctx) => {
    const { id } = await namedDomain(ctx, name)
    return verifyDomain(ctx, { id })
  })
  printOne(io, format, result, ({ verified, expected, status }) =>
    verified ? `${name} is ${status}` : `not found yet: ${expected.name} TXT ${expected.value}`,
  )
  if (!result.verified) throw new CliError('', EXIT.problems)
}

async function setActive(io: Io, name: string, active: boolean, format: Format): Promise<void> {
  const { updateDomain } = await import('@mairust/api/services')
  const domain = await withServices(io, async (ctx) => {
    const { id } = await namedDomain(ctx, name)
    return updateDomain(ctx, { id, active })
  })
  printOne(io, format, domain, ({ name: changed, status }) => `${changed} is ${status}`)
}

interface ChangeOptions extends Format {
  /** False with `--no-alias-of`. */
  aliasOf?: string | false | undefined
  dmarc?: DmarcChoice | undefined
  mtaSts?: StsChoice | undefined
}

const DMARC_CHOICES = ['enforce', 'junk', 'off', 'default'] as const
type DmarcChoice = (typeof DMARC_CHOICES)[number]
const STS_CHOICES = ['enforce', 'testing', 'none', 'default'] as const
type StsChoice = (typeof STS_CHOICES)[number]

async function change(
  io: Io,
  name: string,
  { aliasOf: given, dmarc, mtaSts, ...format }: ChangeOptions,
): Promise<void> {
  const aliasOf = given === false ? null : given
  requireChange({ aliasOf, dmarc, mtaSts }, '--alias-of, --no-alias-of, --dmarc, --mta-sts')
  const { updateDomain } = await import('@mairust/api/services')
  const domain = await withServices(io, async (ctx) => {
    const { id } = await namedDomain(ctx, name)
    const target = typeof aliasOf === 'string' ? (await namedDomain(ctx, aliasOf)).id : null
    return updateDomain(ctx, {
      id,
      ...(aliasOf === undefined ? {} : { alias_of_id: target }),
      ...(dmarc === undefined ? {} : { dmarc: dmarc === 'default' ? null : dmarc }),
      ...(mtaSts === undefined ? {} : { mta_sts: mtaSts === 'default' ? null : mtaSts }),
    })
  })
  printOne(io, format, domain, (changed) => {
    if (typeof aliasOf === 'string') {
      return `${changed.name} is now an alias of ${aliasOf}: mail for any address is delivered to the same address there`
    }
    if (aliasOf === null) return `${changed.name} is no longer an alias`
    const choices = { DMARC: changed.dmarc, 'MTA-STS': changed.mta_sts }
    return Object.entries(choices)
      .map(([what, choice]) => `${what} for mail to ${changed.name}: ${choice ?? 'as the server does'}`)
      .join('\n')
  })
}

async function remove(io: Io, name: string, format: Format): Promise<void> {
  const { removeDomain } = await import('@mairust/api/services')
  const answer = await withServices(io, async (ctx) => removeDomain(ctx, { id: (await namedDomain(ctx, name)).id }))
  printOne(io, format, answer, () => `removed ${name} with its aliases`)
}

/** `domain add|list|dns|zone|check|dkim|verify|activate|suspend|change|remove`. */
export function addDomain(program: Command, io: Io): void {
  const domain = program.command('domain').description('manage the domains that receive mail')
  const verb = (usage: string, description: string, run: (name: string, format: Format) => Promise<void>): Command =>
    resultCommand(domain, usage, description).action(run)
  verb('add <name>', 'add a domain; it stays pending until you prove ownership', (name, options) =>
    add(io, name, options),
  )
    .option('--active', 'skip the proof and receive mail at once')
    .option('--alias-of <domain>', 'make it an alias: deliver mail to the same address of another domain')
  resultCommand(domain, 'list', 'list the domains').action((format: Format) => list(io, format))
  addDomainDns(domain, io)
  addDomainDkim(domain, io)
  verb('verify <name>', 'look up the DNS record that proves ownership of a domain', (name, format) =>
    verify(io, name, format),
  )
  verb('activate <name>', 'receive mail for a domain, without proof or after a suspension', (name, format) =>
    setActive(io, name, true, format),
  )
  verb('suspend <name>', 'stop receiving mail for a domain; its mailboxes stay', (name, format) =>
    setActive(io, name, false, format),
  )
  verb('change <name>', 'make a domain an alias of another, or no longer', (name, options) => change(io, name, options))
    .option('--alias-of <domain>', 'make it an alias: deliver mail to the same address of another domain')
    .option('--no-alias-of', 'end the alias, so that it can have its own addresses')
    .addOption(
      new Option('--dmarc <choice>', 'what happens to mail that its author’s DMARC policy rejects').choices(
        DMARC_CHOICES,
      ),
    )
    .addOption(
      new Option('--mta-sts <choice>', 'what servers that send to the domain are asked to do about TLS').choices(
        STS_CHOICES,
      ),
    )
  verb('remove <name>', 'remove a domain that has no mailboxes, with its aliases', (name, format) =>
    remove(io, name, format),
  )
}
