export { createLog, type Log, type LogOptions, type RootLog, silentLog } from './log.ts'
export { relayOutput } from './relay.ts'
