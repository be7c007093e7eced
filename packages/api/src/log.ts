import type { Config } from '@mairust/config'
import { pino } from 'pino'

/** Where log lines go: the first argument becomes fields of the line, the second its message. A pino logger is one. */
export interface Log {
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
  error: (fields: object, message: string) => void
}

/** The log of the web process: JSON lines on stdout with the fields of the contract, or text for human eyes. */
export const createLog = ({ level, format }: Config['logging'], component: string): Log => {
  const stream = pino.destination({ fd: 1, sync: true })
  return pino(
    {
      level,
      base: { component },
      messageKey: 'message',
      errorKey: 'error',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    format === 'json' ? stream : { write: (line: string) => stream.write(asText(line)) },
  )
}

/** A JSON line as text: the fixed fields first, the rest as JSON. */
const asText = (line: string): string => {
  const { timestamp, level, component, message, ...rest } = JSON.parse(line) as Record<string, unknown>
  const fields = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`
  return `${String(timestamp)} ${String(level).padEnd(5)} ${String(component)}: ${String(message)}${fields}\n`
}
