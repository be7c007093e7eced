// Runs one command of the test run and buffers its output.

import { spawn } from 'node:child_process'

/**
 * Runs `command` and resolves with its exit status and output (both streams in order). Never rejects: a command that
 * cannot be started has status 127.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ status: number, output: string, seconds: number }>}
 */
export function run(command, args, { cwd, env } = {}) {
  const started = performance.now()
  return new Promise((resolve) => {
    const chunks = []
    const finish = (status) =>
      resolve({ status, output: Buffer.concat(chunks).toString(), seconds: (performance.now() - started) / 1000 })
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${error.message}\n`))
      finish(127)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}
