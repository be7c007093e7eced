/** Limits of one transaction: its messages, and their bytes held in memory. */
const MAX_MESSAGES = 512
const MAX_BYTES = 16 * 1024 * 1024

/** Groups messages into batches of one transaction each; a very large message gets its own batch. */
export async function* inBatches<M extends { readonly raw: Uint8Array }>(
  messages: AsyncIterable<M>,
): AsyncGenerator<M[]> {
  let batch: M[] = []
  let bytes = 0
  for await (const message of messages) {
    if (batch.length > 0 && (batch.length >= MAX_MESSAGES || bytes + message.raw.length > MAX_BYTES)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(message)
    bytes += message.raw.length
  }
  if (batch.length > 0) yield batch
}
