/** As many messages as one transaction takes, and bytes held at a time. */
const MAX_MESSAGES = 512
const MAX_BYTES = 16 * 1024 * 1024

/** Groups messages for one transaction each; a single large one is a group of its own. */
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
