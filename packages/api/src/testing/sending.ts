/** A request whose body comes as the test sends it. */
export const sending = (declared = 60 * 1_048_576) => {
  let isCancelled = false
  const stream = new TransformStream<Uint8Array, Uint8Array>({}, { highWaterMark: 100 }, { highWaterMark: 100 })
  const writer = stream.writable.getWriter()
  writer.closed.catch(() => {
    isCancelled = true
  })
  const request = new Request('http://localhost/', {
    method: 'POST',
    headers: { 'content-length': String(declared) },
    body: stream.readable,
    duplex: 'half',
  })
  return {
    request,
    send: (bytes: number) => writer.write(new Uint8Array(bytes)),
    end: () => writer.close(),
    isCancelled: () => isCancelled,
  }
}
