import type { Client } from '@mairust/client'

/** Reads the newest unread messages of a mailbox and marks each as read. */
export const readUnread = async (client: Client, mailbox: string): Promise<string[]> => {
  const { data: unread } = await client.messages.list.query({ mailbox, folder: 'inbox', seen: false, limit: 10 })
  const texts: string[] = []
  for (const { id, from, subject } of unread) {
    const { data: message } = await client.messages.get.query({ id })
    texts.push(`${from.address}: ${subject}\n${message.text ?? '(no text)'}`)
    await client.messages.update.mutate({ id, seen: true })
  }
  return texts
}
