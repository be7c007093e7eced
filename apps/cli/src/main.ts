import { connectSupervisor } from './supervisor.ts'

// Files this process creates are for its user only.
process.umask(0o077)
const args = process.argv.slice(2)
// Before loading anything larger: a signal may arrive at any moment.
const supervisor = args[0] === 'start' ? connectSupervisor() : undefined
const [{ runCli }, { processIo }] = await Promise.all([import('./cli.ts'), import('./io.ts')])
process.exitCode = await runCli(args, { ...processIo(), supervisor })
if (supervisor !== undefined) {
  supervisor.disconnect()
  // Handles that a failed start left open must not keep the process alive.
  setTimeout(() => process.exit(), 1000).unref()
}
