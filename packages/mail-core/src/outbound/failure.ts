import type { BounceClass } from '../bounce/table.ts'
import { smtpReply, type SmtpReply } from '../smtp/reply.ts'

/** A failure that we found ourselves: what stands where a remote's reply would, and its class. 5yz is permanent. */
export interface LocalFailure {
  readonly reply: SmtpReply
  readonly class: BounceClass
}

const failure = (code: number, enhanced: string, text: string, cls: BounceClass): LocalFailure => ({
  reply: smtpReply(code, enhanced, text),
  class: cls,
})

/** Every failure of delivery that is decided here, by name (RFC 3463 codes). */
export const failures = {
  // Finding the way
  nullMx: failure(556, '5.1.10', 'The domain takes no mail (null MX)', 'domain_invalid'), // RFC 7505 §4
  noSuchDomain: failure(550, '5.1.2', 'The domain does not exist', 'domain_invalid'),
  noMailHost: failure(550, '5.1.2', 'The domain has no mail server', 'domain_invalid'),
  noAddress: failure(550, '5.4.4', "The domain's mail servers have no address", 'domain_invalid'),
  forbiddenAddress: failure(550, '5.4.4', "The domain's mail servers have no public address", 'domain_invalid'),
  badLiteral: failure(550, '5.1.2', 'The address literal is not an address that mail can go to', 'domain_invalid'),
  loop: failure(554, '5.4.6', 'The mail server of the domain is this server, which has no such domain', 'relay_denied'),
  dnsTrouble: failure(451, '4.4.3', 'The domain name system gave no answer', 'dns_failure'),
  otherFamily: failure(450, '4.4.4', 'The mail servers have no address of the kind that this route uses', 'no_answer'),

  // The session
  noAnswer: failure(451, '4.4.1', 'The mail server did not answer', 'no_answer'),
  connectionLost: failure(451, '4.4.2', 'The connection was lost', 'no_answer'),
  silentAfterData: failure(451, '4.4.2', 'The mail server did not confirm the message', 'no_answer'),
  garbled: failure(451, '4.5.0', 'The mail server sent something that is no SMTP', 'protocol'),
  unreadable: failure(451, '4.3.0', 'The message could not be read here', 'unknown'),
  noPlan: failure(451, '4.4.0', 'No mail server was tried', 'no_answer'),

  // What the remote cannot take
  tooLarge: failure(552, '5.3.4', 'The message is larger than the mail server accepts', 'too_large'), // RFC 1870 §6.1
  utf8Unsupported: failure(550, '5.6.7', 'The mail server does not take addresses in other scripts', 'protocol'), // RFC 6531 §3.5
  eightBitUnsupported: failure(554, '5.6.3', 'The mail server takes only 7-bit mail', 'protocol'), // RFC 6152 §3

  // TLS (RFC 8461 §5, RFC 8689 §4.2.1)
  tlsUnavailable: failure(451, '4.7.5', 'The mail server offers no TLS, which is required', 'tls_failure'),
  tlsNotVerified: failure(451, '4.7.5', 'The identity of the mail server could not be verified', 'tls_failure'),
  tlsHandshake: failure(451, '4.7.5', 'TLS could not be started', 'tls_failure'),
  notInPolicy: failure(451, '4.7.5', "The mail server is not in the domain's MTA-STS policy", 'tls_failure'),
  injected: failure(451, '4.7.5', 'Text came with the reply to STARTTLS, in front of TLS', 'tls_failure'), // RFC 3207 §6

  // The login at a smart host
  noLogin: failure(451, '4.7.0', 'The smart host offers no login that is known here', 'auth_required'),
  loginInClear: failure(451, '4.7.5', 'The password is not sent, as the smart host is not verified', 'tls_failure'),

  expired: failure(550, '5.4.7', 'The message could not be delivered in time', 'expired'),
} as const satisfies Record<string, LocalFailure>
