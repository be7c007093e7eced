import { pino } from 'pino'

/** Where log lines go; the first argument becomes fields of the line, the second its message. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** The log of a process. */
export interface RootLog extends Log {
  child(component: string): Log
  setLevel(level: string): void
  /** Writes what is still in memory; call it before the process ends. */
  flush(): void
}

/** JSON lines on stdout, with the fields of the contract. `text` is for human eyes. */
export function createLog(options: { level: string; format: 'json' | 'text' }): RootLog {
  const stream = pino.destination({ fd: 1, sync: false, minLength: 0 })
  const root = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.err },
      // Lines of a connection say which; those of the process say that they are.
      mixin: () => ({ request_id: 'process' }),
    },
    options.format === 'json' ? stream : { write: (line: string) => stream.write(asText(line)) },
  )
  const children: (typeof root)[] = []
  const wrap = (component: string): Log => {
    const child = root.child({ component })
    children.push(child)
    return child
  }
  const own = wrap('mta')
  return {
    debug: (fields, message) => own.debug(fields, message),
    info: (fields, message) => own.info(fields, message),
    warn: (fields, message) => own.warn(fields, message),
    error: (fields, message) => own.error(fields, message),
    child: wrap,
    setLevel: (level) => {
      for (const logger of [root, ...children]) logger.level = level
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

function asText(line: string): string {
  const { timestamp, level, component, message, ...rest } = JSON.parse(line) as Record<string, unknown>
  const fields = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`
  return `${String(timestamp)} ${String(level).padEnd(5)} ${String(component)}: ${String(message)}${fields}\n`
}
