import type { Address } from '../address/types.ts'
import { failures, type LocalFailure } from './failure.ts'

/** The extensions that decide how mail can be given to a server (RFC 5321 §4.1.1.1). */
export interface Offers {
  /** RFC 1870: null without the extension, 0 without a limit. */
  readonly size: number | null
  readonly eightBitMime: boolean
  readonly smtpUtf8: boolean
}

/** The message, as far as it matters. */
export interface MessageNeeds {
  readonly size: number
  /** Whether the object has bytes over 127. */
  readonly eightBit: boolean
  readonly sender: Address | null
  readonly recipients: readonly { readonly id: string; readonly address: Address }[]
}

export interface Fit {
  /** Who cannot get it here, and why; the others can. */
  readonly refused: ReadonlyMap<string, LocalFailure>
  /** Whether MAIL says SMTPUTF8: only when an address needs it (O9). */
  readonly smtpUtf8: boolean
  /** `convert`: the object has to be made 7-bit before it is signed; raw 8-bit is never sent (O15, RFC 6152 §3). */
  readonly body: '7bit' | '8bitmime' | 'convert'
}

// eslint-disable-next-line no-control-regex -- the range is the definition of ASCII
const ASCII = /^[\x00-\x7f]*$/

/** Whether an address can be sent only with SMTPUTF8 (RFC 6531 §3.2); domains are A-labels already. */
export function needsSmtpUtf8({ localPart }: Address): boolean {
  return !ASCII.test(localPart)
}

/** How, and to whom, a message can be given to a server with these offers (O9, O15). */
export function fitMessage({ size, eightBit, sender, recipients }: MessageNeeds, offers: Offers): Fit {
  const tooLarge = offers.size !== null && offers.size > 0 && size > offers.size
  const senderNeeds = sender !== null && needsSmtpUtf8(sender)
  const failureOf = (address: Address): LocalFailure | null => {
    if (tooLarge) return failures.tooLarge
    return !offers.smtpUtf8 && (senderNeeds || needsSmtpUtf8(address)) ? failures.utf8Unsupported : null
  }
  const refused = new Map<string, LocalFailure>()
  for (const { id, address } of recipients) {
    const failure = failureOf(address)
    if (failure !== null) refused.set(id, failure)
  }
  const left = recipients.filter(({ id }) => !refused.has(id))
  const with8Bit = offers.eightBitMime ? '8bitmime' : 'convert'
  return {
    refused,
    smtpUtf8: offers.smtpUtf8 && (senderNeeds || left.some(({ address }) => needsSmtpUtf8(address))),
    body: eightBit ? with8Bit : '7bit',
  }
}
