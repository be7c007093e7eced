/** What may still be spent on reading one message. */
type Effort = { words: number; trialBytes: number }

/** Encoded words decoded: 1000 recipients with long names have fewer. */
const MAX_WORDS = 20_000
/** Bytes decoded to find out their charset: a hundred long texts without a charset have fewer. */
const MAX_TRIAL_BYTES = 8 * 1_048_576
/** The cost of decoding a few bytes, in bytes. */
const TRIAL = 32

let current: Effort | null = null

/**
 * Limits what is spent on everything that `read` decodes, since decoding is costly in proportion to its length and hostile mail can have
 * hundreds of thousands of words. What is inside of another limited reading is part of it. `read` must not be asynchronous.
 */
export function withinEffort<T>(read: () => T): T {
  if (current !== null) return read()
  current = { words: MAX_WORDS, trialBytes: MAX_TRIAL_BYTES }
  try {
    return read()
  } finally {
    current = null
  }
}

/** Whether one more encoded word may be decoded; otherwise it stays as it is. */
export function mayDecodeWord(): boolean {
  if (current === null) return true
  current.words -= 1
  return current.words >= 0
}

/** Whether bytes may be decoded in several charsets to find out theirs; otherwise the label counts. */
export function mayTry(bytes: Uint8Array, charsets: number): boolean {
  if (current === null) return true
  current.trialBytes -= charsets * (bytes.length + TRIAL)
  return current.trialBytes >= 0
}
