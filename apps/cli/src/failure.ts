import { ConfigError } from '@mairust/config'
import { CommanderError } from 'commander'
import { CliError, EXIT, type ExitCode } from './exit.ts'

interface ServiceError extends Error {
  code: string
  details: readonly { field: string; reason: string }[]
}

/** Errors of the services are known by their shape: importing the class would load all of them. */
const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && error.name === 'AppError' && 'code' in error && 'details' in error

const WRONG_INPUT = new Set(['VALIDATION_ERROR', 'INVALID_REQUEST'])

function ofService({ code, message, details }: ServiceError): { message: string; exitCode: ExitCode } {
  const exitCode = code === 'NOT_FOUND' ? EXIT.notFound : WRONG_INPUT.has(code) ? EXIT.usage : EXIT.failed
  const reasons = details.map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`))
  return { message: reasons.length > 0 ? reasons.join('; ') : message, exitCode }
}

/** What an error of a command means to the user: a sentence for stderr (empty when it was said already) and the exit status. */
export function explainFailure(error: unknown): { message: string; exitCode: ExitCode } {
  // Commander has written its message, or the help that was asked for.
  if (error instanceof CommanderError) return { message: '', exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage }
  if (error instanceof CliError) return { message: error.message, exitCode: error.exitCode }
  if (error instanceof ConfigError) return { message: error.message, exitCode: EXIT.failed }
  if (isServiceError(error)) return ofService(error)
  if (!(error instanceof Error)) return { message: String(error), exitCode: EXIT.failed }
  // A mistake of ours is of no use without its place.
  const isBug = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
  return { message: isBug ? (error.stack ?? error.message) : error.message, exitCode: EXIT.failed }
}
