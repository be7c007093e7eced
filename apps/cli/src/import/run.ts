import type { ServiceContext } from '@mairust/api/services'
import {
  type ImportMessage,
  importMessages,
  type ImportPlace,
  ImportStoppedError,
  type Preparer,
  startPreparer,
} from '@mairust/intake'
import { CliError, EXIT } from '../exit.ts'
import { importKeys } from './import-key.ts'
import { isLeftOut, type LeftOutReason, type SourceEntry, type SourceMessage } from './source.ts'

/** Where imported messages go. */
export interface Target {
  mailboxId: string
  address: string
  /** Distinguishes this import from others: its source, and the requested folder. */
  importName: string
  /** Folder and tags for a message. */
  placeFor: (message: SourceMessage) => Promise<ImportPlace>
}

/** The outcome of an import. */
export interface ImportResult extends Record<LeftOutReason, number> {
  imported: number
  /** Messages that an earlier import brought into this mailbox. */
  alreadyThere: number
  bytes: number
}

/** What to import, and where to report. */
export interface ImportWork {
  entries: AsyncIterable<SourceEntry>
  /** Called after each commit. */
  onProgress?: ((result: ImportResult) => void) | undefined
  /** Called for each skipped message. */
  onLeftOut?: ((reason: LeftOutReason, detail: string) => void) | undefined
  /** Replaces the worker threads on the configured blob store. */
  preparer?: Preparer | undefined
}

const subjectOf = ({ raw }: SourceMessage): string =>
  /^Subject:.*$/im.exec(raw.toString('latin1', 0, 20_000))?.[0].slice(0, 100) ?? 'a message without a subject'

/** Imports a source. When it throws, committed messages stay, and the next import of the same source resumes there. */
export async function runImport(
  ctx: ServiceContext,
  target: Target,
  { entries, onProgress, onLeftOut, preparer = startPreparer(ctx.config.storage) }: ImportWork,
): Promise<ImportResult> {
  const result: ImportResult = {
    imported: 0,
    alreadyThere: 0,
    deleted: 0,
    empty: 0,
    internal: 0,
    unreadable: 0,
    bytes: 0,
  }
  const leaveOut = (reason: LeftOutReason, detail: string): void => {
    result[reason] += 1
    onLeftOut?.(reason, detail)
  }
  const keyOf = importKeys(target.importName)
  const messages = async function* (): AsyncGenerator<SourceMessage & ImportMessage> {
    for await (const entry of entries)
      if (isLeftOut(entry)) leaveOut(entry.leftOut, entry.detail)
      else yield { ...entry, importKey: keyOf(entry) }
  }
  const { tenantId } = ctx.actor
  const options = { database: ctx, preparer, now: ctx.now }
  try {
    for await (const batch of importMessages(
      options,
      { ...target, tenantId, importedBy: 'command line' },
      messages(),
    )) {
      for (const message of batch.unreadable) leaveOut('unreadable', `${subjectOf(message)}: it could not be parsed`)
      result.imported += batch.imported
      result.alreadyThere += batch.alreadyThere
      result.bytes += batch.bytes
      onProgress?.(result)
    }
  } catch (error) {
    throw error instanceof ImportStoppedError ? inWords(error) : error
  } finally {
    await preparer.close()
  }
  return result
}

function inWords(error: ImportStoppedError): Error {
  switch (error.reason) {
    case 'concurrent_import':
      return new CliError(
        'another import of these messages into this mailbox is running; run this again when it is done',
      )
    case 'no_mailbox':
      return new CliError('the mailbox was removed during the import', EXIT.notFound)
    // An import checks neither quota nor suspension, and sends nothing.
    case 'over_limit':
    case 'over_quota':
    case 'too_large':
    case 'suspended':
      return error
  }
}
