import { type Address, parseForwardPath, parseReversePath, type ReversePath } from '@mairust/mail-core/address'

/** The forward-path of a delivery, read as RCPT has read it: what was accepted can be sent. @throws Error when it is none */
export function recipientOf(text: string): Address {
  const parsed = parseForwardPath(text)
  if (!parsed.ok || parsed.value === 'postmaster') throw new Error(`what is stored is no address: ${text}`)
  return parsed.value
}

/** A reverse-path, read as MAIL has read it; empty: `<>`. @throws Error when it is none */
export function senderOf(text: string): ReversePath {
  const parsed = parseReversePath(`<${text}>`)
  if (!parsed.ok) throw new Error(`what is stored is no reverse-path: ${text}`)
  return parsed.value
}
