import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { createBodyRoom, type BodyRoom, messageBodyLimit, type ReceivedBody } from '../http/body-room.ts'

export const MIB = 1_048_576
/** Most bytes of a body that may be a message of 50 MiB. */
export const LIMIT = messageBodyLimit(50 * MIB)

/** A folder for the bodies of each test, and rooms in it. */
export const useBodyFolder = () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mairust-bodies-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })
  const makeRoom = (free = 1e12, waitMs = 50): BodyRoom =>
    createBodyRoom({ folder, freeBytes: () => Promise.resolve(free), waitMs })
  return { folder: () => folder, makeRoom }
}

/** A request with a whole body of so many bytes. */
export const whole = (bytes: number) =>
  new Request('http://localhost/', {
    method: 'POST',
    headers: { 'content-length': String(bytes) },
    body: new Uint8Array(bytes),
  })
/** Work that answers with the size of the body. */
export const sizeOf = ({ read }: ReceivedBody) => read((body) => Promise.resolve(body.length))

/** Work that goes on until it is ended. */
export const held = () => {
  const { promise, resolve } = Promise.withResolvers<number>()
  const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>()
  return {
    begun,
    work: ({ read }: ReceivedBody) =>
      read(() => {
        begin(undefined)
        return promise
      }),
    /** Waits for something else first. */
    idle: async ({ read }: ReceivedBody) => {
      begin(undefined)
      await promise
      return read((body) => Promise.resolve(body.length))
    },
    end: () => resolve(0),
  }
}
