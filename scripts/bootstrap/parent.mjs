// npm passes on SIGTERM and SIGINT, but dies of SIGHUP and SIGKILL silently.

import { clearInterval, setInterval } from 'node:timers'
import { end } from './signals.mjs'

const LOOK_MS = 500

/**
 * Exits when npm, whose script we are, is gone: it could no longer be used to stop us. Other parents may exit, as a shell does
 * after `nohup`.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    end()
  }, LOOK_MS)
  timer.unref()
}
