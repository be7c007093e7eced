import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkAccess, readKeyPair, readReloadResult, type ReloadResult } from '@mairust/config'
import type { Command } from 'commander'
import { CliError } from '../exit.ts'
import { type Io, readConfig } from '../io.ts'

/** How long to wait for the server, in milliseconds. */
const PATIENCE = 15_000
const PAUSE = 50

/** The process id in the server's pid file, or null when it is missing or unreadable. */
function writtenPid(dataDir: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(dataDir, 'mairust.pid'), 'utf8'), 10)
    return pid > 1 ? pid : null
  } catch {
    return null
  }
}

/**
 * The process id of the server that uses this data folder. The pid file alone is not enough: a killed server leaves it behind, and
 * another program may have that id by now.
 * @throws CliError when no server can be signalled from here
 */
async function serverPid(dataDir: string): Promise<number> {
  const { folderHolder } = await import('@mairust/db')
  const holder = folderHolder(dataDir)
  if (holder === null) throw new CliError(`no server runs on ${dataDir}`)
  if (holder.host !== hostname())
    throw new CliError(`the server of ${dataDir} runs on host ${holder.host}; run this there`)
  if (writtenPid(dataDir) !== holder.pid) throw new CliError(`the server of ${dataDir} is still starting; try again`)
  return holder.pid
}

/** Waits for a new result. */
async function newResult(dataDir: string, before: ReloadResult | null): Promise<ReloadResult> {
  const until = performance.now() + PATIENCE
  while (performance.now() < until) {
    const result = readReloadResult(dataDir)
    if (result !== null && result.at !== before?.at) return result
    await sleep(PAUSE)
  }
  throw new CliError('the server did not answer; see its log')
}

async function reload(io: Io): Promise<void> {
  const { config } = readConfig(io)
  checkAccess(config)
  readKeyPair(config.tls)
  const dataDir = config.server.data_dir
  const pid = await serverPid(dataDir)
  const before = readReloadResult(dataDir)
  process.kill(pid, 'SIGHUP')
  const { error, changed, waiting } = await newResult(dataDir, before)
  if (error !== null) throw new CliError(`the server keeps its old configuration: ${error}`)
  io.err(`process ${pid} has reloaded; changed: ${changed.join(', ') || 'nothing, except perhaps the certificate'}\n`)
  if (waiting.length > 0) io.err(`take effect at the next start: ${waiting.join(', ')}\n`)
}

/** `reload`: makes the running server reload its certificate and configuration, and reports the result. */
export function addReload(program: Command, io: Io): void {
  program
    .command('reload')
    .description('make the running server reload its certificate and configuration')
    .action(() => reload(io))
}
