import { LRUCache } from 'lru-cache'
import type { OpenedMessage, SanitizedHtml } from './tasks.ts'

/** How long to remember that a message exceeded its time limit; the machine may only have been busy, so it is retried later. */
const SLOW_MS = 10 * 60_000
const OPENED_BYTES = 32 * 1_048_576
const SHOWN_BYTES = 32 * 1_048_576
const TEXT_BYTES = 8 * 1_048_576

/** A least-recently-used cache of results for messages. A null value means that the time limit was exceeded. */
export type Memory<Value> = {
  get: (key: string) => { value: Value | null } | undefined
  set: (key: string, value: Value | null) => void
}

/** Sanitised HTML, and when the signed URLs in it expire. */
export type SignedHtml = SanitizedHtml & { expires: Date }

/** The renderer's caches. */
export type RenderMemory = {
  /** By blob key. */
  opened: Memory<OpenedMessage>
  /** By blob key, message, reader and view. */
  shown: Memory<SignedHtml>
  /** By blob key: HTML that could not be sanitised in time, for any reader, or became too long. */
  unshown: Memory<'too_large'>
  /** By blob key. */
  text: Memory<string>
}

export function createRenderMemory(): RenderMemory {
  return {
    opened: remembering(OPENED_BYTES, openedSize),
    shown: remembering(SHOWN_BYTES, ({ html }) => html.length * 2),
    unshown: remembering(TEXT_BYTES, () => 0),
    text: remembering(TEXT_BYTES, (text) => text.length * 2),
  }
}

/** The memory of an entry besides its value. */
const ENTRY_BYTES = 500

function remembering<Value>(maxSize: number, sizeOf: (value: Value) => number): Memory<Value> {
  const cache = new LRUCache<string, { value: Value | null }>({
    maxSize,
    sizeCalculation: ({ value }) => ENTRY_BYTES + (value === null ? 0 : sizeOf(value)),
  })
  return {
    get: (key) => cache.get(key),
    set: (key, value) => void cache.set(key, { value }, value === null ? { ttl: SLOW_MS } : {}),
  }
}

/** The memory of a point besides the bytes in it. */
const POINT_BYTES = 400

/** The approximate size in memory; most of it is text. */
function openedSize(opened: OpenedMessage): number {
  const headers = opened.headers.reduce((sum, { name, value }) => sum + name.length + value.length + 50, 0)
  const addresses = [opened.from, opened.to, opened.cc, opened.bcc, opened.replyTo].flat()
  const names = addresses.reduce((sum, { name, address }) => sum + name.length + address.length + 50, 0)
  const files = opened.attachments.reduce((sum, { filename }) => sum + filename.length + 200, 0)
  const points = [...opened.points.values()].flat().reduce((sum, { state }) => sum + POINT_BYTES + state.rest.length, 0)
  const text = (opened.text?.length ?? 0) + (opened.html?.length ?? 0)
  return points + 2 * (headers + names + files + text + opened.references.join('').length)
}
