export { createLog, type Log, type LogOptions, type RootLog, silentLog } from './log.ts'
export { createNews, type News } from './news.ts'
export { relayErrors, relayOutput } from './relay.ts'
