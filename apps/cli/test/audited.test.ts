import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { changedTables, contentsOf, withDatabases } from '@mairust/db/testing'
import type { Command } from 'commander'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeProgram } from '../src/cli.ts'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

/**
 * Commands that send (`send.test.ts`: journeys tell it), that do not open the store, open it as a server does, query DNS, only rebuild the search index, or change
 * jobs (`jobs.test.ts`) or what is in the queue (`queue.test.ts`).
 */
const ELSEWHERE = [
  'domain verify',
  'domain check',
  'send hana@example.com ken@example.org',
  'reindex',
  'jobs retry 1',
  'jobs cancel 1',
  'queue show dlv_1',
  'queue retry dlv_1',
  'queue hold dlv_1',
  'queue release dlv_1',
  'queue cancel dlv_1',
  'queue bounce dlv_1',
  'queue lift mx.example.org dead',
  'start',
  'reload',
  'migrate up',
  'migrate status',
  'check config',
  'config reference',
]

const LOOKING = [
  'domain list',
  'domain dns example.com',
  'domain zone example.com',
  'domain dkim list example.com',
  'user list',
  'user show ann@example.com',
  'mailbox list',
  'alias list',
  'api-key list',
  'jobs list',
  'queue list',
  'queue pauses',
  'queue shape',
  'queue throttles',
  'trace',
]

/** Every command that changes data, in a working order, with its audit action. */
const CHANGING: [command: string, action: string][] = [
  ['admin create root@example.com --password-stdin', 'user.create'],
  ['admin reset-password root@example.com --password-stdin', 'user.reset_password'],
  ['domain add example.com --active', 'domain.create'],
  ['domain add example.net', 'domain.create'],
  ['domain suspend example.com', 'domain.update'],
  ['domain activate example.com', 'domain.update'],
  ['domain dkim activate example.com --force', 'domain.activate_dkim'],
  ['domain dkim rotate example.com', 'domain.rotate_dkim'],
  ['domain change example.net --alias-of example.com', 'domain.update'],
  ['user add ann@example.com --password-stdin', 'user.create'],
  ['user change ann@example.com --name Ann', 'user.update'],
  ['mailbox add ann@example.com --user ann@example.com', 'mailbox.create'],
  ['mailbox change ann@example.com --quota-mb 5', 'mailbox.update'],
  ['alias add info@example.com ann@example.com', 'alias.create'],
  ['alias change info@example.com --disable', 'alias.update'],
  ['api-key create --name backup --scopes read', 'api_key.create'],
  ['import maildir Mail --mailbox ann@example.com', 'mailbox.import'],
  ['import mbox box --mailbox ann@example.com', 'mailbox.import'],
  ['api-key revoke backup', 'api_key.delete'],
  ['queue pause sender ann@example.com', 'queue.pause'],
  ['queue resume sender ann@example.com', 'queue.resume'],
  ['alias remove info@example.com', 'alias.delete'],
  ['mailbox remove ann@example.com', 'mailbox.delete'],
  ['user remove ann@example.com', 'user.delete'],
  ['domain remove example.net', 'domain.delete'],
]

const leaves = (command: Command, path: readonly string[] = []): string[] =>
  command.commands.length === 0
    ? [path.join(' ')]
    : command.commands.flatMap((one) => leaves(one, [...path, one.name()]))

it('every command is listed above', () => {
  const text = (): void => undefined
  const all = leaves(makeProgram({ env: {}, cwd: '.', stdin: process.stdin, out: text, err: text }))
  const known = [...CHANGING.map(([command]) => command), ...LOOKING, ...ELSEWHERE]
  const used = all.filter((name) => known.some((command) => `${command} `.startsWith(`${name} `)))
  expect(all.length).toBeGreaterThan(20)
  expect(used).toEqual(all)
})

withDatabases((get) => {
  let cli: Cli
  beforeAll(() => {
    cli = makeCli(get().options)
    const letter = (id: string): string =>
      `From: a@example.org\nSubject: ${id}\nMessage-ID: <${id}@example.org>\n\nHello\n`
    mkdirSync(join(cli.folder, 'Mail', 'cur'), { recursive: true })
    writeFileSync(join(cli.folder, 'Mail', 'cur', '1700000000.a:2,S'), letter('one'))
    writeFileSync(join(cli.folder, 'box'), `From a@example.org Fri Jul  8 12:08:34 2011\n${letter('two')}`)
  })
  afterAll(() => cli.remove())

  /** Runs a command; returns the tables it changed, and its audit entries. */
  const look = async (command: string) => {
    const before = await contentsOf(get().db)
    const known = new Set(before.auditEntries.split('\n'))
    const args = command.split(' ').map((word) => (word === 'Mail' || word === 'box' ? join(cli.folder, word) : word))
    const { status, err } = await cli.run(args, PASSWORD)
    expect(status, `${command}: ${err}`).toBe(0)
    const after = await contentsOf(get().db)
    const lines = after.auditEntries.split('\n').filter((line) => line !== '' && !known.has(line))
    const entries = lines.map((line) => JSON.parse(line) as { action: string; actorName: string })
    return { written: changedTables(before, after), entries }
  }

  it('every change by a command is audited, with the command line as actor', async () => {
    for (const [command, action] of CHANGING) {
      const { written, entries } = await look(command)
      expect(written.length, command).toBeGreaterThan(1)
      expect(entries.length, command).toBeGreaterThan(0)
      for (const entry of entries) expect(entry, command).toMatchObject({ action, actorName: 'command line' })
      if (command.startsWith('import')) expect((await look(command)).entries, 'nothing is new').toEqual([])
      if (command.startsWith('alias add')) {
        for (const looking of LOOKING) expect((await look(looking)).written, looking).toEqual([])
      }
    }
  })
})
