import { meetKeeper } from './keeper.ts'

// Files this process creates are for its user only.
process.umask(0o077)
const args = process.argv.slice(2)
// Before loading anything larger: a signal may arrive at any moment.
const keeper = args[0] === 'start' ? meetKeeper() : undefined
const [{ runCli }, { processIo }] = await Promise.all([import('./cli.ts'), import('./io.ts')])
process.exitCode = await runCli(args, { ...processIo(), keeper })
if (keeper !== undefined) {
  keeper.leave()
  // Handles that a failed start left open must not keep the process alive.
  setTimeout(() => process.exit(), 1000).unref()
}
