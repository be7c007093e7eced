export { type RunOptions, runServer } from './app.ts'
export { PortError } from './listen.ts'
