import type { ReturnedRecipient } from './types.ts'

/** A recipient of a message of ours. */
export interface SentRecipient {
  /** The comparison key. */
  readonly address: string
  /** Its ORCPT (RFC 3461 §4.2). */
  readonly orcpt: { readonly address: string } | null
}

/** What was said of a recipient of ours. */
export interface Match<Sent> {
  readonly sent: Sent
  readonly said: ReturnedRecipient
  /** Whether it is about that address itself, and not about one that it leads to. */
  readonly isItself: boolean
}

/**
 * Whom returned mail is about, of the recipients of the message that it is tied to. Where there is only one, it is about that one,
 * whatever address it names: the mail was forwarded. Of several it must name the one, by its address or the one that we gave with it.
 */
export function matchReturned<Sent extends SentRecipient>(
  recipients: readonly ReturnedRecipient[],
  sent: readonly Sent[],
): Match<Sent>[] {
  const [only, ...more] = sent
  if (only !== undefined && more.length === 0) {
    const said = recipients.find(({ address }) => address === only.address) ?? recipients[0]
    return said === undefined ? [] : [toMatch(only, said)]
  }
  return sent.flatMap((one) => {
    const said = recipients.find((each) => isAbout(each, one))
    return said === undefined ? [] : [toMatch(one, said)]
  })
}

const isAbout = ({ address, original }: ReturnedRecipient, sent: SentRecipient): boolean =>
  address === sent.address ||
  (original !== null && [sent.address, sent.orcpt?.address.toLowerCase()].includes(original.toLowerCase()))

const toMatch = <Sent extends SentRecipient>(sent: Sent, said: ReturnedRecipient): Match<Sent> => ({
  sent,
  said,
  isItself: said.address === '' || said.address === sent.address,
})
