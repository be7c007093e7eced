import type { Command } from 'commander'
import type { SourceMessage } from '../import/source.ts'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Format, printOne } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'
import { namedMailbox } from './named.ts'

type Reader = (path: string) => AsyncIterable<SourceMessage>

interface ImportOptions extends Format {
  mailbox: string
  folder?: string | undefined
}

async function importFrom(
  io: Io,
  read: Reader,
  path: string,
  { mailbox: address, folder, ...format }: ImportOptions,
): Promise<void> {
  const [{ importMessages }, { startPreparer }, { folderFinder }] = await Promise.all([
    import('../import/store.ts'),
    import('../import/preparer.ts'),
    import('../import/folders.ts'),
  ])
  const started = performance.now()
  const result = await withServices(io, async (ctx) => {
    const mailbox = await namedMailbox(ctx, address)
    const find = folderFinder(ctx, mailbox.id)
    const folderFor = (subfolder: string | null): Promise<string | undefined> => {
      const name = subfolder ?? folder
      return name === undefined ? Promise.resolve(undefined) : find(name)
    }
    const target = { mailboxId: mailbox.id, address: mailbox.address, folderFor }
    const preparer = startPreparer(ctx.config.storage)
    try {
      return await importMessages(ctx, target, { preparer, messages: read(path) }, ({ imported }) => {
        if (io.stdin.isTTY === true) io.err(`\r${imported} messages`)
      })
    } finally {
      await preparer.close()
    }
  })
  if (io.stdin.isTTY === true) io.err('\n')
  const seconds = (performance.now() - started) / 1000
  const data = { ...result, seconds: Number(seconds.toFixed(3)) }
  printOne(io, format, data, ({ imported }) => `imported ${imported} messages in ${seconds.toFixed(1)} s`)
  if (result.unreadable > 0) throw new CliError(`${result.unreadable} messages could not be read and were left out`)
}

/** `import maildir|mbox PATH --mailbox ADDRESS [--folder F]`. */
export function addImport(program: Command, io: Io): void {
  const parent = program.command('import').description('bring in mail that lies on disk')
  const add = (usage: string, description: string, reader: () => Promise<Reader>): void => {
    resultCommand(parent, usage, description)
      .requiredOption('--mailbox <address>', 'the mailbox it goes to')
      .option('--folder <name>', 'the folder it goes to, made when there is none; without it, the inbox')
      .action(async (path: string, options: ImportOptions) => importFrom(io, await reader(), path, options))
  }
  add(
    'maildir <path>',
    'read a maildir with its subfolders',
    async () => (await import('../import/maildir.ts')).readMaildir,
  )
  add('mbox <path>', 'read an mbox file', async () => (await import('../import/mbox.ts')).readMbox)
}
