import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { CliError } from '../exit.ts'
import { type Io, readConfig } from '../io.ts'

/** The process id of the server on this data folder, or null when the file with it is missing or unreadable. */
function serverPid(dataDir: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(dataDir, 'mairust.pid'), 'utf8'), 10)
    return pid > 1 ? pid : null
  } catch {
    return null
  }
}

function reload(io: Io): void {
  const { config } = readConfig(io)
  const pid = serverPid(config.server.data_dir)
  const notRunning = new CliError(`no server runs on ${config.server.data_dir}`)
  if (pid === null) throw notRunning
  try {
    process.kill(pid, 'SIGHUP')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') throw notRunning
    throw error
  }
  io.err(`told process ${pid} to reload\n`)
}

/** `reload`: has the running server read certificates, log level and limits again. */
export function addReload(program: Command, io: Io): void {
  program
    .command('reload')
    .description('have the running server read certificates, log level and limits again')
    .action(() => reload(io))
}
