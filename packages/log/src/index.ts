export { createLog, followLevel, levelMessage, type Log, type LogOptions, type RootLog, silentLog } from './log.ts'
