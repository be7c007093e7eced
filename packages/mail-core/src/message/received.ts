/** The facts of one SMTP transaction that its trace headers tell (RFC 5321 §4.4). */
export type TraceInput = {
  /** What the client said in HELO or EHLO; '' when it said nothing. */
  helo: string
  /** Verified name of the client's address, or null. */
  rdns: string | null
  /** Client address, IPv4 or IPv6 (without brackets). */
  ip: string
  /** Our host name. */
  by: string
  esmtp: boolean
  tls: boolean
  authenticated: boolean
  smtputf8: boolean
  /** Journey id. */
  id: string
  /** Envelope recipients; only a single one is named, so that Bcc stays secret. */
  recipients: readonly string[]
  date: Date
}

/** Our Received header with its final CRLF, folded at 78 characters. */
export function buildReceived(input: TraceInput): string {
  return input.by
}

/** The headers that final delivery puts on top: Return-Path, Delivered-To (of a single recipient), Received. Ends with CRLF. */
export function buildTraceHeaders(input: TraceInput & { reversePath: string }): string {
  return input.by
}

/** Received fields in the header block of a message (RFC 5321 §6.3). */
export function countReceived(raw: Buffer): number {
  return raw.length
}
