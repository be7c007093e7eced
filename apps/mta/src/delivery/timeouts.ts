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
}

const SECOND = 1000
const MINUTE = 60 * SECOND

/** What RFC 5321 §4.5.3.2 asks for (O11). */
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
}
