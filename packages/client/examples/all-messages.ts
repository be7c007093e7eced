import { type Client, pages } from '@mairust/client'

/** How many bytes the messages of each sender take, over all pages of a search. */
export const bytesBySender = async (client: Client, q: string): Promise<Map<string, number>> => {
  const bytes = new Map<string, number>()
  const found = pages((cursor) => client.messages.list.query({ q, cursor, limit: 100 }))
  for await (const { from, size } of found) {
    bytes.set(from.address, (bytes.get(from.address) ?? 0) + size)
  }
  return bytes
}
