// Keeps two starts in one clone from installing or building at the same time.

import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { clearInterval, setInterval } from 'node:timers'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './say.mjs'
import { endingSignal } from './signals.mjs'

const BEAT_MS = 2_000
const STALE_MS = 15_000

function alive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** The holder of a lock whose process is dead or no longer touches it, or undefined. */
function abandoned(file) {
  try {
    const holder = readFileSync(file, 'utf8')
    const age = Date.now() - statSync(file).mtimeMs
    return age > STALE_MS || (holder !== '' && !alive(Number(holder))) ? holder : undefined
  } catch {
    return undefined
  }
}

/** Removes an abandoned lock, unless another process did so and holds it now. */
function clear(file, holder) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    if (readFileSync(aside, 'utf8') === holder) rmSync(aside, { force: true })
    else renameSync(aside, file)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

/**
 * Runs `work` while no other process does so with the same lock file. A lock whose holder died is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true })
  for (let waited = false; !take(file); waited = true) {
    const holder = abandoned(file)
    if (holder !== undefined) clear(file, holder)
    else {
      if (!waited) say('waiting for another start in this folder to finish installing or building')
      await sleep(200, undefined, { signal: endingSignal })
    }
  }
  const beat = setInterval(() => utimesSync(file, new Date(), new Date()), BEAT_MS)
  const release = () => {
    clearInterval(beat)
    rmSync(file, { force: true })
  }
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}
