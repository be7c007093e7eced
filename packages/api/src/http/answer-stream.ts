import { setImmediate } from 'node:timers/promises'
import { type Content, encodedPieces } from './content.ts'

/** How slowly a client may read its answer. */
export interface ReadingPace {
  /** How long it may take for a piece: what waits in the system's own buffers moves in jumps. */
  pieceMs: number
  /** For the whole answer it has the time of a piece, and a second for so many bytes. */
  bytesPerSecond: number
}

/**
 * Streams an answer as its client reads it. Calls `release` once nothing of it is held any more.
 * @param given aborts when the answer is to be given up
 */
export const answerStream = (
  content: Content,
  { pieceMs, bytesPerSecond }: ReadingPace,
  release: () => void,
  given?: AbortSignal,
): ReadableStream<Uint8Array> => {
  let pieces: Iterator<Uint8Array, void, undefined> | null = encodedPieces(content)
  const timers: { piece?: NodeJS.Timeout; answer?: NodeJS.Timeout } = {}
  const end = () => {
    if (pieces === null) return
    pieces = null
    clearTimeout(timers.piece)
    clearTimeout(timers.answer)
    release()
  }
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const stop = () => {
          if (pieces === null) return
          end()
          controller.error(new Error('The client reads its answer too slowly.'))
        }
        given?.addEventListener('abort', stop, { once: true })
        timers.answer = setTimeout(stop, pieceMs + (content.bytes / bytesPerSecond) * 1000)
        timers.piece = setTimeout(stop, pieceMs)
      },
      pull: async (controller) => {
        // Others come between the pieces, however fast this client reads.
        await setImmediate()
        const step = pieces?.next()
        if (step === undefined) return
        timers.piece?.refresh()
        if (step.done !== true) {
          controller.enqueue(step.value)
          return
        }
        end()
        controller.close()
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}
