import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ENTRY = fileURLToPath(new URL('./support/pending-tls.ts', import.meta.url))

/** Resolves with the exit code or signal, and stderr. */
function run(...words: string[]): Promise<{ end: number | string; said: string }> {
  const child = spawn(process.execPath, [ENTRY, ...words], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ end: signal ?? code ?? -1, said })))
}

describe.each(['inbound', 'submission', 'submissions'])('a stalled TLS handshake on %s', (listener) => {
  it.each(['deadline', 'room', 'shutdown'])('is ended by %s, and the server keeps running', async (end) => {
    expect(await run(listener, end)).toEqual({ end: 0, said: '' })
  })
})
