import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readKeyPair, readReloadAnswer, type ReloadAnswer } from '@mairust/config'
import type { Command } from 'commander'
import { CliError } from '../exit.ts'
import { type Io, readConfig } from '../io.ts'

/** How long the server may take to answer, in milliseconds. */
const PATIENCE = 15_000
const PAUSE = 50

/** The process id in the server's file, or null when it is missing or unreadable. */
function writtenPid(dataDir: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(dataDir, 'mairust.pid'), 'utf8'), 10)
    return pid > 1 ? pid : null
  } catch {
    return null
  }
}

/**
 * The process id of the server that works on this data folder. The file alone does not tell: it may have been left by one that was
 * killed, and its number be another program's by now.
 * @throws CliError when none can be told anything from here
 */
async function serverPid(dataDir: string): Promise<number> {
  const { folderHolder } = await import('@mairust/db')
  const holder = folderHolder(dataDir)
  if (holder === null) throw new CliError(`no server runs on ${dataDir}`)
  if (holder.host !== hostname()) throw new CliError(`the server of ${dataDir} runs on ${holder.host}; run this there`)
  if (writtenPid(dataDir) !== holder.pid) throw new CliError(`the server of ${dataDir} is only starting; try again`)
  return holder.pid
}

/** Waits for an answer that was not there before. */
async function newAnswer(dataDir: string, before: ReloadAnswer | null): Promise<ReloadAnswer> {
  const until = performance.now() + PATIENCE
  while (performance.now() < until) {
    const answer = readReloadAnswer(dataDir)
    if (answer !== null && answer.at !== before?.at) return answer
    await sleep(PAUSE)
  }
  throw new CliError('the server has not answered; its log says what it does')
}

async function reload(io: Io): Promise<void> {
  const { config } = readConfig(io)
  readKeyPair(config.tls)
  const dataDir = config.server.data_dir
  const pid = await serverPid(dataDir)
  const before = readReloadAnswer(dataDir)
  process.kill(pid, 'SIGHUP')
  const { error, changed, waiting } = await newAnswer(dataDir, before)
  if (error !== null) throw new CliError(`the server keeps its old configuration: ${error}`)
  io.err(`process ${pid} has reloaded; changed: ${changed.join(', ') || 'nothing but perhaps the certificate'}\n`)
  if (waiting.length > 0) io.err(`changed, but only from the next start on: ${waiting.join(', ')}\n`)
}

/** `reload`: has the running server read its certificate and configuration again, and says what came of it. */
export function addReload(program: Command, io: Io): void {
  program
    .command('reload')
    .description('have the running server read certificate and configuration again')
    .action(() => reload(io))
}
