// npm passes SIGTERM and SIGINT on, but dies of SIGHUP and SIGKILL without a word to us.

import { clearInterval, setInterval } from 'node:timers'
import { end } from './signals.mjs'

const LOOK_MS = 500

/**
 * Ends us when npm, whose script we are, is gone: nobody could end us by it any more. Elsewhere a parent may leave, as a shell
 * does after `nohup`.
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
