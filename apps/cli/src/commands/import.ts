import { basename, resolve } from 'node:path'
import type { ServiceContext } from '@mairust/api/services'
import type { Command } from 'commander'
import { CliError } from '../exit.ts'
import { importedText, leftOutText, type Report, startReport } from '../import/report.ts'
import type { ImportResult, Target } from '../import/run.ts'
import type { SourceEntry, SourceMessage } from '../import/source.ts'
import type { Io } from '../io.ts'
import { type Format, printOne } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'
import { namedMailbox } from './named.ts'

type Kind = 'maildir' | 'mbox'
type Reader = (path: string) => AsyncIterable<SourceEntry>

interface ImportOptions extends Format {
  mailbox: string
  folder?: string | undefined
}

type Mailbox = Awaited<ReturnType<typeof namedMailbox>>

/** Identifies a source wherever it lies: its kind and base name, packed or not. */
const sourceName = (kind: Kind, path: string): string => `${kind} ${basename(resolve(path)).replace(/\.gz$/, '')}`

/** Where the messages go; a given folder takes those at the top of the source. */
async function targetOf(
  ctx: ServiceContext,
  { id, address }: Mailbox,
  source: string,
  { folder: asked, onTagLeftOut }: { folder: string | undefined; onTagLeftOut: Report['tagLeftOut'] },
): Promise<Target> {
  const [{ folderFinder }, { tagFinder }, { onceEach }, { beginImport }] = await Promise.all([
    import('../import/folders.ts'),
    import('../import/tag-finder.ts'),
    import('../import/once-each.ts'),
    import('@mairust/api/services'),
  ])
  const begin = onceEach(async (name) => (await beginImport(ctx, { id, source: name })).id)
  const findFolder = folderFinder(ctx, id)
  const findTag = tagFinder(ctx, id, onTagLeftOut)
  const placeFor = async ({ folder, role, tags, place }: SourceMessage): ReturnType<Target['placeFor']> => {
    await begin(source)
    const name = (place === '' ? asked : undefined) ?? folder ?? undefined
    const found = await Promise.all(tags.map(findTag))
    const tagIds = [...new Set(found.filter((tag) => tag !== null))]
    if (name !== undefined) return { folderId: await findFolder(name), tagIds }
    return role === null ? { tagIds } : { folderRole: role, tagIds }
  }
  return { mailboxId: id, address, importName: JSON.stringify([source, asked ?? '']), placeFor }
}

const toWire = ({ alreadyThere, ...rest }: ImportResult, seconds: number) => ({
  ...rest,
  already_there: alreadyThere,
  seconds: Number(seconds.toFixed(3)),
})

/** Warns when the mailbox is over its quota, which does not limit an import. */
async function warnOfQuota(io: Io, ctx: ServiceContext, { id }: Mailbox): Promise<void> {
  const { getMailbox } = await import('@mairust/api/services')
  const { address, quota_bytes: quota, used_bytes: used } = await getMailbox(ctx, { id })
  if (quota === null || used < quota) return
  io.err(
    `warning: ${address} is over its quota, which does not limit an import; new mail is refused until you remove mail or raise the quota\n`,
  )
}

async function importFrom(
  io: Io,
  { kind, read }: { kind: Kind; read: Reader },
  path: string,
  { mailbox: named, folder, ...format }: ImportOptions,
): Promise<void> {
  const { runImport } = await import('../import/run.ts')
  const started = performance.now()
  const result = await withServices(io, async (ctx) => {
    const mailbox = await namedMailbox(ctx, named)
    const report = startReport(io)
    const target = await targetOf(ctx, mailbox, sourceName(kind, path), { folder, onTagLeftOut: report.tagLeftOut })
    const work = { entries: read(path), onProgress: report.progress, onLeftOut: report.leftOut }
    try {
      const done = await runImport(ctx, target, work)
      await warnOfQuota(io, ctx, mailbox)
      return done
    } finally {
      report.end()
    }
  })
  const seconds = (performance.now() - started) / 1000
  const left = leftOutText(result)
  printOne(io, format, toWire(result, seconds), () => [importedText(result, seconds), left].filter(Boolean).join('\n'))
  if (result.unreadable > 0) throw new CliError(`unreadable messages skipped: ${result.unreadable}`)
}

/** `import maildir|mbox PATH --mailbox ADDRESS [--folder F]`. */
export function addImport(program: Command, io: Io): void {
  const parent = program
    .command('import')
    .description('import mail from a maildir or an mbox; run again, it resumes and imports nothing twice')
  const add = (kind: Kind, description: string, reader: () => Promise<Reader>): void => {
    resultCommand(parent, `${kind} <path>`, description)
      .requiredOption('--mailbox <address>', 'the mailbox to import into; its quota does not limit an import')
      .option(
        '--folder <name>',
        'the folder for messages at the top of the source, created if needed (default: the inbox)',
      )
      .action(async (path: string, options: ImportOptions) =>
        importFrom(io, { kind, read: await reader() }, path, options),
      )
  }
  add(
    'maildir',
    'import a maildir and its folders, from Dovecot, Courier or another program',
    async () => (await import('../import/maildir.ts')).readMaildir,
  )
  add(
    'mbox',
    'import an mbox file, plain or gzip, including those of Thunderbird and Google Takeout',
    async () => (await import('../import/mbox.ts')).readMbox,
  )
}
