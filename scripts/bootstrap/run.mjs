// Runs programs: passes signals on, and returns their exit status.

import { spawn } from 'node:child_process'
import { Failure } from './say.mjs'
import { endedBy, onSignal, statusOf } from './signals.mjs'

/**
 * Runs a program and resolves with its exit status, or 128 + n when signal n ended it. Passes on SIGTERM, SIGINT and
 * SIGHUP, and waits however long the program drains. Rejects when we were already told to stop.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>}
 */
export function run(command, args, options) {
  if (endedBy() !== null) return Promise.reject(new Failure('stopped'))
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

/** Runs a preparation step, with both its streams on stderr. */
export const runQuietly = (command, args, { cwd, env }) => run(command, args, { cwd, env, stdio: ['ignore', 2, 2] })
