// Supervises the server: restarts it after any unexpected exit, even a crash in native code.

import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './say.mjs'
import { endedBy, endingSignal, onSignal, statusOf } from './signals.mjs'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** A server that has lived this long was healthy; the backoff starts over. */
const HEALTHY_MS = 60_000
/** Crashes in a row before giving up on a server that was never ready. */
const MAX_FAILED_STARTS = 5
/** Characters of stderr to keep, logged when the server dies. */
const LAST_WORDS = 4000

/**
 * Runs the server and restarts it, with backoff, when it exits unexpectedly; resolves with the last exit status. Does not
 * restart it after a signal to stop or an exit with 0, when it reports that a restart is of no use (`{ type: 'final' }` on its
 * channel), or when it exits by itself without ever having been ready.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>}
 */
export async function supervise(command, args, options) {
  // The reader of our stderr may go away; the server keeps running.
  process.stderr.on('error', () => undefined)
  let pause = FIRST_PAUSE_MS
  let everReady = false
  let predecessor = null
  for (let restarts = 0; ; restarts += 1) {
    const told = endedBy()
    if (told !== null) return 0
    const born = performance.now()
    const { code, signal, ready, final, words } = await live(command, args, options, predecessor)
    everReady ||= ready
    const status = code ?? statusOf(signal)
    // The signal came before the server could handle it and killed it: nothing was in progress.
    if (endedBy() !== null) return signal === null || signal === 'SIGKILL' ? status : 0
    if (code === 0 || final || (!everReady && (code !== null || restarts + 1 >= MAX_FAILED_STARTS))) return status
    if (performance.now() - born > HEALTHY_MS) pause = FIRST_PAUSE_MS
    const how = signal === null ? `exit status ${code}` : signal
    say(`the server exited unexpectedly (${how}); restarting in ${pause / 1000} s`)
    predecessor = { code, signal, restarts: restarts + 1, words }
    await sleep(pause, undefined, { signal: endingSignal }).catch(() => undefined)
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  }
}

/** Runs the server once. */
function live(command, args, options, predecessor) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['inherit', 'inherit', 'pipe', 'ipc'] })
    const state = { ready: false, final: false, words: '', reload: false }
    const done = onSignal((signal) => {
      // Before the server is ready, SIGHUP could kill it or be lost; send it then.
      if (signal === 'SIGHUP' && !state.ready) state.reload = true
      else child.kill(signal)
    })
    child.stderr.on('data', (chunk) => {
      process.stderr.write(chunk)
      state.words = (state.words + chunk.toString()).slice(-LAST_WORDS)
    })
    child.on('message', (message) => {
      if (message?.type === 'final') state.final = true
      if (message?.type !== 'ready') return
      state.ready = true
      // Startup output does not explain a later crash.
      state.words = ''
      if (state.reload) child.kill('SIGHUP')
    })
    // Sending to an exiting child may fail.
    if (predecessor !== null) child.send({ type: 'predecessor', ...predecessor }, () => undefined)
    child.once('error', (error) => {
      done()
      reject(error)
    })
    // Not `exit`: its last output may still be in the pipe.
    child.once('close', (code, signal) => {
      done()
      resolve({ code, signal, ...state })
    })
  })
}
