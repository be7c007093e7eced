import { meetKeeper } from './keeper.ts'

// What this process makes is its user's alone.
process.umask(0o077)
const args = process.argv.slice(2)
// Before anything larger is loaded: a signal may come at any moment.
const keeper = args[0] === 'start' ? meetKeeper() : undefined
const [{ runCli }, { processIo }] = await Promise.all([import('./cli.ts'), import('./io.ts')])
process.exitCode = await runCli(args, { ...processIo(), keeper })
if (keeper !== undefined) {
  keeper.leave()
  // What a start that failed has left open must not keep us.
  setTimeout(() => process.exit(), 1000).unref()
}
