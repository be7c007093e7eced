import type { Database } from '@mairust/db'
import { withDatabases } from '@mairust/db/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { PortError } from '../src/listen.ts'
import { startServer } from './support/server.ts'

/** The same database, and the topics subscribed to through it. */
function counted({ changes, ...rest }: Database): { database: Database; topics: Set<string> } {
  const topics = new Set<string>()
  const subscribe: typeof changes.subscribe = (topic, fn) => {
    const stop = changes.subscribe(topic, fn)
    topics.add(topic)
    return () => {
      topics.delete(topic)
      stop()
    }
  }
  return { database: { ...rest, changes: { ...changes, subscribe } }, topics }
}

withDatabases((database) => {
  afterEach(() => void vi.useRealTimers())

  it('a failed start leaves no timer and no subscription', async () => {
    const { database: watched, topics } = counted(database())
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    // No address of this machine (RFC 5737); the listener before it opens.
    const env = { MAIRUST_SMTP__SUBMISSION__HOST: '192.0.2.1' }
    await expect(startServer(watched, { env })).rejects.toThrow(PortError)
    expect([vi.getTimerCount(), [...topics]]).toEqual([0, []])
  })
})
