// Signals count from the first moment on, also between two steps of the preparation. Imported before anything else.

import { constants } from 'node:os'

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP']

const ending = new AbortController()
/** The first signal that told us to end, or null. */
let told = null
let receive = () => undefined

for (const signal of SIGNALS) process.on(signal, () => take(signal))

function take(signal) {
  // A reload has no meaning while there is nothing that runs.
  if (signal !== 'SIGHUP' && told === null) {
    told = signal
    ending.abort()
  }
  receive(signal)
}

/** Ends us as SIGTERM does. */
export const end = () => take('SIGTERM')

/** The signal that told us to end, or null. */
export const endedBy = () => told

/** Aborted once we are told to end. */
export const endingSignal = ending.signal

/** Exit status of a process that a signal ended. */
export const statusOf = (signal) => 128 + (constants.signals[signal] ?? 0)

/** Gives each signal from now on to `receiver`, which stands in for the one before; returns what takes it away again. */
export function onSignal(receiver) {
  const before = receive
  receive = receiver
  return () => {
    receive = before
  }
}
