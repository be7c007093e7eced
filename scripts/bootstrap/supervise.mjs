// The server's keeper: whatever ends the server unexpectedly, a crash of native code included, it is started again.

import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './say.mjs'
import { endedBy, endingSignal, onSignal, statusOf } from './signals.mjs'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** A server that has lived this long was healthy; the next pause is short again. */
const HEALTHY_MS = 60_000
/** A server that has never been ready is given up after so many crashes in a row. */
const HOPELESS = 5
/** Kept of what it printed on stderr, to be logged when it dies. */
const LAST_WORDS = 4000

/**
 * Runs the server and starts it again, with growing pauses, when it ends unexpectedly; resolves with the exit status of the last.
 * It is not started again when it was told to end or ended by itself with 0, when it says that starting again is of no use
 * (`{ type: 'final' }` on its channel), and when it ended by itself without ever having been ready.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>}
 */
export async function supervise(command, args, options) {
  // Whoever reads what we say may leave; the server goes on.
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
    // A signal that came before the server could listen to it has ended it: nothing was under way.
    if (endedBy() !== null) return signal === null || signal === 'SIGKILL' ? status : 0
    if (code === 0 || final || (!everReady && (code !== null || restarts + 1 >= HOPELESS))) return status
    if (performance.now() - born > HEALTHY_MS) pause = FIRST_PAUSE_MS
    const how = signal === null ? `exit status ${code}` : signal
    say(`the server ended unexpectedly (${how}); it is started again in ${pause / 1000} s`)
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
      // Before it is ready SIGHUP would end it; what it would read again it is just reading.
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
      // What it says at its start are no last words.
      state.words = ''
      if (state.reload) child.kill('SIGHUP')
    })
    // A child that is just ending cannot be told anything.
    if (predecessor !== null) child.send({ type: 'predecessor', ...predecessor }, () => undefined)
    child.once('error', (error) => {
      done()
      reject(error)
    })
    // Not `exit`: what it printed last may still be on its way.
    child.once('close', (code, signal) => {
      done()
      resolve({ code, signal, ...state })
    })
  })
}
