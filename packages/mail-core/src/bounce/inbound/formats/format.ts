/**
 * How a program that knows no RFC 3464 tells of failed mail: a row of the table of formats. All phrases are in lower case, in our own
 * words as short as they are telling. The first row of which everything holds reads the mail.
 */
export interface BounceFormat {
  readonly name: string
  /** For the linear-time engine, as in the bounce table (`a & b`: both): one of them must be in the name or address of From, */
  readonly from?: readonly string[]
  /** one in the subject, */
  readonly subject?: readonly string[]
  /** and one in the text. */
  readonly text?: readonly string[]
  /** Plain words of the line with which the list of recipients begins; from the first line where none is there. */
  readonly begin?: readonly string[]
  /** Plain words with which the line begins that precedes the message's copy, beside those that many programs use. */
  readonly end?: readonly string[]
  /** Phrases that say that the mail is still tried, beside those that many programs use. */
  readonly delayed?: readonly string[]
}
