import { ConfigError } from '@mairust/config'
import { CommanderError } from 'commander'
import { CliError, EXIT, type ExitCode } from './exit.ts'

interface ServiceError extends Error {
  code: string
  details: readonly { field: string; reason: string }[]
}

/** Recognizes service errors by shape: importing the class would load all services. */
const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && error.name === 'AppError' && 'code' in error && 'details' in error

const WRONG_INPUT = new Set(['VALIDATION_ERROR', 'INVALID_REQUEST'])

function ofService({ code, message, details }: ServiceError): { message: string; exitCode: ExitCode } {
  const exitCode = code === 'NOT_FOUND' ? EXIT.notFound : WRONG_INPUT.has(code) ? EXIT.usage : EXIT.failed
  const reasons = details.map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`))
  return { message: reasons.length > 0 ? reasons.join('; ') : message, exitCode }
}

/** Codes of SQLite, PostgreSQL and the system for a full disk. */
const FULL = new Set(['SQLITE_FULL', '53100', 'ENOSPC', 'EDQUOT'])

/** Whether the error of a database, a file or the blob store means that. Errors that say more of it keep their words. */
const isDiskFull = (error: unknown): error is Error =>
  error instanceof Error && (error.name === 'BlobStoreFullError' || ('code' in error && FULL.has(String(error.code))))

/** Turns a command's error into a message for stderr ('' when it was printed already) and an exit status. */
export function explainFailure(error: unknown): { message: string; exitCode: ExitCode } {
  // Commander has already printed its message, or the help.
  if (error instanceof CommanderError) return { message: '', exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage }
  if (error instanceof CliError) return { message: error.message, exitCode: error.exitCode }
  if (error instanceof ConfigError) return { message: error.message, exitCode: EXIT.failed }
  if (isServiceError(error)) return ofService(error)
  if (isDiskFull(error))
    return {
      message: `no space left for the data (${error.message}); free some and repeat this`,
      exitCode: EXIT.failed,
    }
  if (!(error instanceof Error)) return { message: String(error), exitCode: EXIT.failed }
  // A file or a folder that cannot be used; what foresees it says more.
  if ('syscall' in error && 'path' in error && 'code' in error)
    return {
      message: `${String(error.path)} cannot be used (${error.message}); it must exist, and belong to the user that MaiRust runs as`,
      exitCode: EXIT.failed,
    }
  // A bug report needs the stack.
  const isBug = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
  return { message: isBug ? (error.stack ?? error.message) : error.message, exitCode: EXIT.failed }
}
