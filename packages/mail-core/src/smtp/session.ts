/** The port a client connected to: 25, 587 (STARTTLS) or 465 (implicit TLS). */
export type Listener = 'inbound' | 'submission' | 'submissions'

/** The facts of a session as a plain value; stages get a frozen copy, never the library's object. */
export interface SessionFacts {
  readonly listener: Listener
  readonly remoteAddress: string
  readonly remotePort: number
  /** Confirmed name of the remote address, or null. */
  readonly clientHostname: string | null
  /** The client's HELO or EHLO argument, unmodified; '' before. */
  readonly helo: string
  /** True after EHLO. */
  readonly extended: boolean
  readonly tls: { readonly version: string; readonly cipher: string } | null
  /** The login, on the submission ports. */
  readonly user: SessionUser | null
  readonly connectedAt: Date
}

/** Who is logged in. */
export interface SessionUser {
  readonly id: string
  readonly tenantId: string
  readonly email: string
  /** The user's `loginEpoch` at the login. */
  readonly epoch: number
}
