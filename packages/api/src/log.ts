import type { Logger } from 'pino'

/** The part of pino that is used here. The first argument becomes fields of the line, the second its message. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>
