import type { Command } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Format, printList, printOne } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'
import { namedDomain } from './named.ts'

interface DnsOptions extends Format {
  /** False with `--no-check`. */
  check: boolean
}

async function dns(io: Io, name: string, { check, ...format }: DnsOptions): Promise<void> {
  const { listDomainRecords } = await import('@mairust/api/services')
  const { data: records } = await withServices(io, async (ctx) => {
    const { id } = await namedDomain(ctx, name)
    return listDomainRecords(ctx, { id, check, limit: 100 })
  })
  printList(io, format, records, {
    NAME: (r) => r.name,
    TYPE: (r) => r.type,
    STATUS: (r) => r.status ?? '-',
    VALUE: (r) => r.value,
    FOUND: (r) => (r.status === 'different' ? r.found.join(' | ') : ''),
    NOTE: (r) => r.note ?? '',
  })
}

async function zone(io: Io, name: string, format: Format): Promise<void> {
  const { getDomainZone } = await import('@mairust/api/services')
  const found = await withServices(io, async (ctx) => getDomainZone(ctx, { id: (await namedDomain(ctx, name)).id }))
  printOne(io, format, found, (made) => made.zone.trimEnd())
}

async function check(io: Io, name: string, format: Format): Promise<void> {
  const { checkSenderRules } = await import('@mairust/api/services')
  const found = await withServices(io, async (ctx) => checkSenderRules(ctx, { id: (await namedDomain(ctx, name)).id }))
  printOne(io, format, found, ({ verdict, checks }) =>
    [...checks.map((one) => `${one.verdict.padEnd(7)}  ${one.rule}: ${one.detail}`), `verdict: ${verdict}`].join('\n'),
  )
  if (found.verdict === 'fail') throw new CliError('', EXIT.problems)
}

/** `domain dns|zone|check`. */
export function addDomainDns(domain: Command, io: Io): void {
  resultCommand(domain, 'dns <name>', 'show the DNS records that a domain needs, and what DNS has')
    .option('--no-check', 'do not ask DNS')
    .action((name: string, options: DnsOptions) => dns(io, name, options))
  resultCommand(domain, 'zone <name>', 'print the DNS records that a domain needs as a zone file').action(
    (name: string, format: Format) => zone(io, name, format),
  )
  resultCommand(domain, 'check <name>', 'check a domain against what the big providers demand of senders').action(
    (name: string, format: Format) => check(io, name, format),
  )
}
