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
