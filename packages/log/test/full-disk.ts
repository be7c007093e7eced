import { createLog } from '../src/index.ts'

// Logs to stdout as a server does, and tells stderr how far it gets.
const log = createLog({ level: 'info', format: 'json', component: 'mta', sync: process.argv[2] === 'sync' })
process.on('uncaughtException', (error) => {
  process.stderr.write(`uncaught: ${error.message}\n`)
  log.flush()
  process.exit(1)
})
let rounds = 0
const timer = setInterval(() => {
  log.info({}, 'a line')
  rounds += 1
  if (rounds < 20) return
  clearInterval(timer)
  log.info({}, 'the last line')
  log.flush()
  process.stderr.write('alive\n')
}, 5)
