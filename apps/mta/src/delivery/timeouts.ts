/** Milliseconds to wait at each stage of a session. */
export interface Timeouts {
  readonly connect: number
  readonly banner: number
  /** For each reply to EHLO, HELO, STARTTLS and AUTH. */
  readonly hello: number
  readonly handshake: number
  readonly mail: number
  readonly rcpt: number
  readonly data: number
  /** For each portion of the message. */
  readonly block: number
  readonly end: number
  /** After which no further address of a destination is tried. */
  readonly walk: number
  /** For all from the greeting to the login: a server that is slow at every step must not hold a place for hours. */
  readonly opening: number
  /** For everything between MAIL and the answer to DATA, and for each recipient of it. */
  readonly envelope: number
  readonly eachRecipient: number
  /** Bytes a second of the message that a server must take, beside the time for a portion. */
  readonly bytesPerSecond: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND

/** What RFC 5321 §4.5.3.2 asks for (O11), and bounds of ours for what it leaves open. */
export const TIMEOUTS: Timeouts = {
  connect: 30 * SECOND,
  banner: 5 * MINUTE,
  hello: 5 * MINUTE,
  handshake: MINUTE,
  mail: 5 * MINUTE,
  rcpt: 5 * MINUTE,
  data: 2 * MINUTE,
  block: 3 * MINUTE,
  end: 10 * MINUTE,
  walk: 10 * MINUTE,
  opening: 15 * MINUTE,
  envelope: 10 * MINUTE,
  eachRecipient: 30 * SECOND,
  // As Postfix asks for (smtp_min_data_rate).
  bytesPerSecond: 500,
}
