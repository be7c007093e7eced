import type { JourneyInput } from '@mairust/db/queries/accept'

/** Characters that weigh as much as a row. */
const CHARACTERS_A_ROW = 500
/** Rows that the lookups of a recipient weigh as much as. */
const LOOKUPS = 4

/** How much work it is to store a journey, and how much memory until then: 1 a row and step, 4 a recipient that was not resolved, and 1 for 500 characters. */
export function journeyWeight({ recipients, steps, sender, helo, reply }: JourneyInput): number {
  // Where they lead is not known yet: each takes a few lookups.
  const open = recipients.filter(({ ownerRoles }) => ownerRoles === undefined).length
  let characters = sender.length + helo.length + reply.length
  for (const recipient of recipients) characters += recipient.address.length + recipient.reply.length
  for (const { name, detail } of steps) characters += name.length + detail.length
  return 1 + recipients.length + LOOKUPS * open + steps.length + Math.floor(characters / CHARACTERS_A_ROW)
}
