import type { JourneyInput } from '@mairust/db/queries/accept'

/** Characters that weigh as much as a row. */
const CHARACTERS_A_ROW = 500

/** How much work it is to store a journey, and how much memory until then: 1 a row and step, and 1 for 500 characters. */
export function journeyWeight({ recipients, steps, sender, helo, reply }: JourneyInput): number {
  let characters = sender.length + helo.length + reply.length
  for (const recipient of recipients) characters += recipient.address.length + recipient.reply.length
  for (const { name, detail } of steps) characters += name.length + detail.length
  return 1 + recipients.length + steps.length + Math.floor(characters / CHARACTERS_A_ROW)
}
