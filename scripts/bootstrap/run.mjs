// Starting programs: signals reach them, and their end is ours.

import { spawn } from 'node:child_process'
import { Failure } from './say.mjs'
import { endedBy, onSignal, statusOf } from './signals.mjs'

/**
 * Runs a program to its end and resolves with its exit status, 128 + n when signal n ended it. SIGTERM, SIGINT and
 * SIGHUP are passed on; we stay until the program has ended, however long it drains. Nothing is started once we are told to end.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>}
 */
export function run(command, args, options) {
  if (endedBy() !== null) return Promise.reject(new Failure('told to end'))
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options)
    const done = onSignal((signal) => child.kill(signal))
    child.once('error', (error) => {
      done()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      done()
      resolve(code ?? statusOf(signal))
    })
  })
}

/** Runs a step of the preparation; both its streams go to stderr. */
export const runQuietly = (command, args, { cwd, env }) => run(command, args, { cwd, env, stdio: ['ignore', 2, 2] })
