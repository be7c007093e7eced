// Handles signals from the very start, even between preparation steps. Must be imported first.

import { constants } from 'node:os'

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP']

const ending = new AbortController()
/** The first signal that asked us to stop, or null. */
let told = null
let receive = () => undefined

for (const signal of SIGNALS) process.on(signal, () => take(signal))

function take(signal) {
  // There is nothing to reload while nothing runs.
  if (signal !== 'SIGHUP' && told === null) {
    told = signal
    ending.abort()
  }
  receive(signal)
}

/** Stops us as SIGTERM does. */
export const end = () => take('SIGTERM')

/** The signal that asked us to stop, or null. */
export const endedBy = () => told

/** Aborted once a signal asks us to stop. */
export const endingSignal = ending.signal

/** The exit status of a process ended by a signal. */
export const statusOf = (signal) => 128 + (constants.signals[signal] ?? 0)

/** Passes each signal to `receiver`, in place of the previous one; returns a function that restores that. */
export function onSignal(receiver) {
  const before = receive
  receive = receiver
  return () => {
    receive = before
  }
}
