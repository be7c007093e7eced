import { type Client, MaiRustError, withIdempotencyKey } from '@mairust/client'

/**
 * Creates the mailbox for an order. The order's number is the idempotency key, so that the same order can safely be processed
 * again, even by another process.
 */
export const createMailbox = async (client: Client, order: { number: string; address: string }): Promise<string> => {
  try {
    const { data } = await client.mailboxes.create.mutate(
      { address: order.address },
      withIdempotencyKey(`order-${order.number}`),
    )
    return `created ${data.address}`
  } catch (error) {
    if (!(error instanceof MaiRustError)) throw error
    if (error.code === 'CONFLICT') return `${order.address} is taken`
    if (error.code !== 'VALIDATION_ERROR') throw error
    return error.details.map(({ field, reason }) => `${field} ${reason}`).join('; ')
  }
}
