/** The port a client came in by: 25, 587 (STARTTLS) or 465 (implicit TLS). */
export type Listener = 'inbound' | 'submission' | 'submissions'

/** What is known of a session, as a value; stages get a frozen copy and never the library's object. */
export interface SessionFacts {
  readonly listener: Listener
  readonly remoteAddress: string
  readonly remotePort: number
  /** Confirmed name of the remote address, or null. */
  readonly clientHostname: string | null
  /** What the client said after HELO or EHLO, as it came; '' before. */
  readonly helo: string
  /** True after EHLO. */
  readonly extended: boolean
  readonly tls: { readonly version: string; readonly cipher: string } | null
  /** The login, on the submission ports. */
  readonly user: { readonly id: string; readonly tenantId: string; readonly email: string } | null
  readonly connectedAt: Date
}

/**
 * The `with` value of our Received field: SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA (RFC 3848), and the UTF8 forms for a
 * transaction with SMTPUTF8 (RFC 6531 §4.3).
 */
export function transmissionType(session: Pick<SessionFacts, 'extended' | 'tls' | 'user'>, smtputf8: boolean): string {
  if (!session.extended) return 'SMTP'
  const suffix = `${session.tls === null ? '' : 'S'}${session.user === null ? '' : 'A'}`
  return smtputf8 ? `UTF8SMTP${suffix}` : `ESMTP${suffix}`
}
