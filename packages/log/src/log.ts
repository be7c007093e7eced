import { pino } from 'pino'
import { openDestination } from './destination.ts'
import { escapeJson, escapeText } from './escape.ts'

/** A log; the first argument becomes fields of the line (an error as `err`), the second its message. */
export interface Log {
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
  error: (fields: object, message: string) => void
}

/** The log of a process. */
export interface RootLog extends Log {
  child(component: string): Log
  /** Writes a line of another process's log unchanged. */
  pass(entry: Readonly<Record<string, unknown>>): void
  /** Sets the level of this log and of all its children. */
  setLevel(level: string): void
  /** Writes buffered lines, or loses them when that fails; call it before the process exits. */
  flush(): void
}

const ignore = (): void => undefined
/**
 * A log that discards everything; for tests.
 * @internal
 */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore }

export interface LogOptions {
  readonly level: string
  readonly format: 'json' | 'text'
  readonly component: string
  /** Whether each line is written before the call returns; otherwise call `flush` at the end. */
  readonly sync?: boolean | undefined
  /** File descriptor; default: stdout. */
  readonly fd?: number | undefined
}

/**
 * Creates a log of JSON lines with the fields of the contract; `text` is for people. Untrusted text may be logged as it is: every
 * line is escaped for the terminal. Lines that cannot be written, as on a full disk, are lost; once it works again, a line says how many.
 */
export function createLog({ level, format, component, sync = false, fd = 1 }: LogOptions): RootLog {
  const stream = openDestination({
    fd,
    sync,
    onRecovery: (lost) => own.warn({ lines: lost }, 'Some log lines could not be written and are lost'),
  })
  const write = (line: string): void =>
    stream.write(format === 'json' ? escapeJson(line) : asText(JSON.parse(line) as Record<string, unknown>))
  const root = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFields },
      // Lines without a connection or request belong to the process.
      mixin: () => ({ request_id: 'process' }),
    },
    { write },
  )
  const children: (typeof root)[] = []
  const child = (name: string): Log => {
    const made = root.child({ component: name })
    made.level = root.level
    children.push(made)
    return made
  }
  const own = child(component)
  return {
    debug: (fields, message) => own.debug(fields, message),
    info: (fields, message) => own.info(fields, message),
    warn: (fields, message) => own.warn(fields, message),
    error: (fields, message) => own.error(fields, message),
    child,
    pass: (entry) => write(`${JSON.stringify(entry)}\n`),
    setLevel: (wanted) => {
      for (const logger of [root, ...children]) logger.level = wanted
    },
    flush: () => stream.flush(),
  }
}

/** The useful fields of an error. Others that drivers add may contain user data. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  const { type, message, stack } = pino.stdSerializers.err(error)
  return { type, message, stack, ...('code' in error ? { code: error.code } : {}) }
}

function asText({ timestamp, level, component, message, ...rest }: Record<string, unknown>): string {
  const fields = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`
  const text = `${String(timestamp)} ${String(level).padEnd(5)} ${String(component)}: ${String(message)}${fields}`
  return `${escapeText(text)}\n`
}
