// Starting programs: signals reach them, and their end is ours.

import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const FORWARDED = ['SIGTERM', 'SIGINT', 'SIGHUP']

/**
 * Runs a program to its end and resolves with its exit status, 128 + n when signal n ended it. SIGTERM, SIGINT and
 * SIGHUP are passed on; we stay until the program has ended, however long it drains.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>}
 */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options)
    const forward = (signal) => child.kill(signal)
    for (const signal of FORWARDED) process.on(signal, forward)
    const done = () => {
      for (const signal of FORWARDED) process.off(signal, forward)
    }
    child.once('error', (error) => {
      done()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      done()
      resolve(code ?? 128 + (constants.signals[signal] ?? 0))
    })
  })
}

/** Runs a step of the preparation; both its streams go to stderr. */
export const runQuietly = (command, args, { cwd, env }) => run(command, args, { cwd, env, stdio: ['ignore', 2, 2] })
