import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { failures } from '@mairust/mail-core/outbound'
import type { MessageContent } from '../content.ts'
import type { Channel } from './channel.ts'
import { DotStuffing } from './dot-stuffing.ts'

/** So much is given to the system at once; a message up to this is one write with its final dot. */
const BLOCK = 64 * 1024

/**
 * Sends the message and its final dot; `beforeDot` is called just before that. Stops and says true when the server answers before:
 * it refuses the message, or the connection is gone.
 * @throws Broken, and whatever reading the message throws: then it was not sent in whole
 */
export async function sendContent(
  channel: Channel,
  content: MessageContent,
  blockMs: number,
  beforeDot: () => void,
): Promise<boolean> {
  const stuffing = new DotStuffing()
  const { socket } = channel
  let [sent, block] = [0, 0]
  socket.cork()
  try {
    for await (const piece of content.read()) {
      for (const part of parts(piece)) {
        for (const bytes of stuffing.write(part)) socket.write(bytes)
        sent += part.length
        block += part.length
        if (block < BLOCK) continue
        block = 0
        await flush(channel, blockMs)
        if (channel.isSpoilt) return true
      }
    }
    // A message that is not the one that was announced, and signed, is not sent.
    if (sent !== content.size) throw new Error(`The message has ${sent} bytes and not ${content.size}`)
    if (channel.isSpoilt) return true
    beforeDot()
    channel.transcript.note(`message of ${sent} bytes`)
    socket.write(stuffing.end())
    return false
  } finally {
    socket.uncork()
  }
}

function* parts(piece: Uint8Array): Generator<Buffer> {
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
  for (let from = 0; from < bytes.length; from += BLOCK) yield bytes.subarray(from, from + BLOCK)
}

/** Waits until the system has taken what was written, and what the server may have said meanwhile has been read. */
async function flush(channel: Channel, ms: number): Promise<void> {
  const { socket } = channel
  socket.uncork()
  if (socket.writableNeedDrain && !(await drained(socket, channel.left(ms)))) throw channel.fail(failures.noAnswer)
  await setImmediate()
  socket.cork()
}

/** Whether there is room again, or nothing left to write to, within the time. */
function drained(socket: Socket, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (inTime: boolean): void => {
      clearTimeout(timer)
      socket.off('drain', onRoom).off('close', onRoom)
      resolve(inTime)
    }
    const onRoom = () => end(true)
    const timer = setTimeout(() => end(false), ms)
    socket.on('drain', onRoom).on('close', onRoom)
    if (socket.destroyed) onRoom()
  })
}
