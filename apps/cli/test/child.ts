import type { ChildProcess } from 'node:child_process'
import { text } from 'node:stream/consumers'

export interface ChildOutcome {
  /** The exit status, or the signal that ended it. */
  status: number | NodeJS.Signals | null
  out: string
  err: string
}

/** Resolves when a child with pipes has exited. */
export async function outcome(child: ChildProcess): Promise<ChildOutcome> {
  if (child.stdout === null || child.stderr === null) throw new Error('no pipes')
  const ended = new Promise<ChildOutcome['status']>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal))
  })
  const [out, err, status] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { status, out, err }
}
