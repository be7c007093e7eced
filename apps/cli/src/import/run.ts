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
  /** What tells this import from others: its source, and the folder that was asked for. */
  importName: string
  /** Folder and tags for a message of the source. */
  placeFor: (message: SourceMessage) => Promise<ImportPlace>
}

/** What came of an import. */
export interface ImportResult extends Record<LeftOutReason, number> {
  imported: number
  /** Messages that an import has brought into this mailbox before. */
  alreadyThere: number
  bytes: number
}

/** Reads and reports. */
export interface ImportWork {
  entries: AsyncIterable<SourceEntry>
  /** Told after each commit. */
  onProgress?: ((result: ImportResult) => void) | undefined
  /** Told of each message that stays out. */
  onLeftOut?: ((reason: LeftOutReason, detail: string) => void) | undefined
  /** Other threads than those on the blob store of the configuration. */
  preparer?: Preparer | undefined
}

const subjectOf = ({ raw }: SourceMessage): string =>
  /^Subject:.*$/im.exec(raw.toString('latin1', 0, 20_000))?.[0].slice(0, 100) ?? 'a message without a subject'

/** Imports what a source holds. When it throws, what was committed stays, and the next import of the same source goes on from there. */
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
        'another import of these messages into this mailbox is under way; run this again when it is done',
      )
    case 'no_mailbox':
      return new CliError('the mailbox was removed meanwhile', EXIT.notFound)
    // An import looks neither at quota nor at suspension.
    case 'over_quota':
    case 'too_large':
    case 'suspended':
      return error
  }
}
