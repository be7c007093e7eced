import { blobKey, type BlobStore, removeBlobs } from '@mairust/db/blob'
import type { AcceptCopy, AcceptObject } from '@mairust/db/queries/accept'
import type { Log } from '@mairust/log'
import type { MessageIndex } from '@mairust/mail-core/message'
import { joined, type Part } from './part.ts'

/** The message with one set of header fields, and its copies. */
export interface MessageObject {
  readonly parts: readonly Part[]
  /** Absent: that of the message. */
  readonly index?: MessageIndex | undefined
  readonly authentication?: AcceptObject['authentication']
  readonly copies: readonly AcceptCopy[]
  /** What of it goes to other servers. */
  readonly outgoing?: AcceptObject['outgoing']
  /** It came back from another server. */
  readonly returned?: AcceptObject['returned']
}

/**
 * Puts the objects of a message on stable storage; then they can get their rows. When it throws, none of them is left.
 * @param index it may still be pending
 */
export async function storeObjects(
  { blobs, log }: { readonly blobs: Pick<BlobStore, 'put' | 'delete'>; readonly log: Pick<Log, 'warn'> },
  objects: readonly MessageObject[],
  index: MessageIndex | Promise<MessageIndex>,
  receivedAt: Date,
): Promise<AcceptObject[]> {
  const keyed = objects.map((object) => ({ object, key: blobKey(receivedAt) }))
  // Waits for all even when one fails, so that nothing keeps running afterwards.
  const [read, ...puts] = await Promise.allSettled([
    index,
    ...keyed.map(async ({ object, key }): Promise<AcceptObject> => {
      const { parts, copies, index: own, ...others } = object
      return {
        blobKey: key,
        ...(await blobs.put(key, joined(parts))),
        ...others,
        copies: [...copies],
        index: own ?? (await index),
      }
    }),
  ])
  const failed = [read, ...puts].find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') {
    await removeBlobs(
      { blobs, log },
      keyed.map(({ key }) => key),
    )
    throw failed.reason
  }
  return puts.flatMap((put) => (put.status === 'fulfilled' ? [put.value] : []))
}
