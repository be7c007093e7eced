import type { ReceivedBody } from '../http/body-room.ts'

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
