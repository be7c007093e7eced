import type { IdSource } from '../id.ts'

/** A clock that stands still until moved. */
export interface FakeClock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  advance(ms: number): void
}

/** Creates a clock that starts at `start` (default: 2026-01-02T03:04:05Z). */
export function fakeClock(start = Date.UTC(2026, 0, 2, 3, 4, 5)): FakeClock {
  let time = start
  return {
    now: () => time,
    advance: (ms) => {
      time += ms
    },
  }
}

/** Creates a repeatable source of random-looking bytes (xorshift32). */
export function fakeRandom(seed = 1): IdSource['random'] {
  let state = seed | 0 || 1
  return (size) =>
    Uint8Array.from({ length: size }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state & 0xff
    })
}

/** A repeatable id source for tests, on a clock that can be moved. */
export function fakeIds(clock: FakeClock = fakeClock(), seed = 1): IdSource {
  return { now: clock.now, random: fakeRandom(seed) }
}

/** Builds a message from header fields and body lines, with CRLF line ends. */
export function rawMessage(
  fields: readonly (readonly [name: string, value: string])[],
  body: readonly string[] = [],
): Buffer {
  const lines = [...fields.map(([name, value]) => `${name}: ${value}`), '', ...body]
  return Buffer.from(`${lines.join('\r\n')}\r\n`)
}
