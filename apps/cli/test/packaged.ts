import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

/** The wrappers, with the test's own program behind them. */
export interface Packaged {
  folder: string
  start: (command: string, args: readonly string[], env?: NodeJS.ProcessEnv) => ChildProcess
  remove: () => void
}

/** Lays out what an image contains: build results without sources, so that nothing is installed or built. */
export function makePackaged(program: string): Packaged {
  const folder = mkdtempSync(join(tmpdir(), 'mairust-wrapper-'))
  for (const part of ['bin/mairust', 'scripts/bootstrap.mjs', 'scripts/bootstrap', 'package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  }
  mkdirSync(join(folder, 'apps/cli/dist'), { recursive: true })
  mkdirSync(join(folder, 'apps/web/.next'), { recursive: true })
  writeFileSync(join(folder, 'apps/web/.next/BUILD_ID'), 'x')
  writeFileSync(join(folder, 'apps/cli/dist/main.js'), program)
  return {
    folder,
    start: (command, args, env = {}) =>
      spawn(process.execPath, [join(folder, command), ...args], {
        cwd: tmpdir(),
        env: { PATH: process.env['PATH'], ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The process ids of a process's children. */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

/** Whether a process runs. A zombie counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
