import { pino } from 'pino'

/** Where log lines go; the first argument becomes fields of the line (an error as `err`), the second its message. */
export interface Log {
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
  error: (fields: object, message: string) => void
}

/** The log of a process. */
export interface RootLog extends Log {
  child(component: string): Log
  /** Sets the level of this log and of all its children. */
  setLevel(level: string): void
  /** Writes what is still in memory; call it before the process ends. */
  flush(): void
}

const ignore = (): void => undefined
/**
 * A log that keeps nothing; for tests.
 * @internal
 */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore }

export interface LogOptions {
  readonly level: string
  readonly format: 'json' | 'text'
  readonly component: string
  /** Whether each line is written before the call returns; else call `flush` in the end. */
  readonly sync?: boolean | undefined
  /** File descriptor; stdout unless told. */
  readonly fd?: number | undefined
}

/** JSON lines on stdout, with the fields of the contract. `text` is for human eyes. */
export function createLog({ level, format, component, sync = false, fd = 1 }: LogOptions): RootLog {
  const stream = pino.destination({ fd, sync, minLength: 0 })
  const root = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFields },
      // Lines of a connection or a request say which; those of the process say that they are.
      mixin: () => ({ request_id: 'process' }),
    },
    format === 'json' ? stream : { write: (line: string) => stream.write(asText(line)) },
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
    setLevel: (wanted) => {
      for (const logger of [root, ...children]) logger.level = wanted
    },
    flush: () => {
      try {
        stream.flushSync()
      } catch {
        // Nothing was opened or the reader is gone; there is nowhere left to say so.
      }
    },
  }
}

/** What a process tells its children when its own level changes. */
const LEVEL_MESSAGE = 'log-level'

/** The message for a child process (`send`) whose log is to have this level. */
export const levelMessage = (level: string): object => ({ type: LEVEL_MESSAGE, level })

/** Sets the level of a log to what the parent process says, as long as it is not ended by the function returned. */
export function followLevel(log: RootLog): () => void {
  const listener = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== LEVEL_MESSAGE)
      return
    if ('level' in message && typeof message.level === 'string') log.setLevel(message.level)
  }
  process.on('message', listener)
  return () => void process.off('message', listener)
}

/** Of an error what helps to find its cause. What drivers hang on it besides may hold what users wrote. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  const { type, message, stack } = pino.stdSerializers.err(error)
  return { type, message, stack, ...('code' in error ? { code: error.code } : {}) }
}

function asText(line: string): string {
  const { timestamp, level, component, message, ...rest } = JSON.parse(line) as Record<string, unknown>
  const fields = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`
  return `${String(timestamp)} ${String(level).padEnd(5)} ${String(component)}: ${String(message)}${fields}\n`
}
