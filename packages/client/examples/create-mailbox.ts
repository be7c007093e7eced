import { type Client, MaiRustError, withIdempotencyKey } from '@mairust/client'

/**
 * Makes the mailbox of an order. The order's number is the key, so that the order can be worked off again without harm, today or
 * by another process.
 */
export const createMailbox = async (client: Client, order: { number: string; address: string }): Promise<string> => {
  try {
    const { data } = await client.mailboxes.create.mutate(
      { address: order.address },
      withIdempotencyKey(`order-${order.number}`),
    )
    return `made ${data.address}`
  } catch (error) {
    if (!(error instanceof MaiRustError)) throw error
    if (error.code === 'CONFLICT') return `${order.address} is taken`
    if (error.code !== 'VALIDATION_ERROR') throw error
    return error.details.map(({ field, reason }) => `${field} ${reason}`).join('; ')
  }
}
