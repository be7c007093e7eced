import type { BounceClass } from '../classes.ts'

/** Enhanced codes (RFC 3463, and those that RFC 5248's registry adds), without their first digit. */
export const BY_STATUS: ReadonlyMap<string, BounceClass> = new Map<string, BounceClass>([
  ['1.0', 'recipient_unknown'],
  ['1.1', 'recipient_unknown'],
  ['1.2', 'domain_invalid'],
  ['1.3', 'recipient_unknown'],
  ['1.4', 'recipient_unknown'],
  ['1.6', 'recipient_moved'],
  ['1.7', 'sender_invalid'],
  ['1.8', 'sender_invalid'],
  ['1.9', 'domain_invalid'],
  ['1.10', 'domain_invalid'],
  ['2.0', 'recipient_disabled'],
  ['2.1', 'recipient_disabled'],
  ['2.2', 'mailbox_full'],
  ['2.3', 'too_large'],
  ['3.1', 'no_answer'],
  ['3.2', 'no_answer'],
  ['3.4', 'too_large'],
  ['4.1', 'no_answer'],
  ['4.2', 'no_answer'],
  ['4.3', 'dns_failure'],
  ['4.4', 'domain_invalid'],
  ['4.5', 'rate_limited'],
  ['4.6', 'relay_denied'],
  ['4.7', 'expired'],
  ['5.0', 'protocol'],
  ['5.1', 'protocol'],
  ['5.2', 'protocol'],
  ['5.3', 'rate_limited'],
  ['5.4', 'protocol'],
  ['5.6', 'protocol'],
  ['6.0', 'protocol'],
  ['6.1', 'protocol'],
  ['6.2', 'protocol'],
  ['6.3', 'protocol'],
  ['6.5', 'protocol'],
  ['6.6', 'protocol'],
  ['6.7', 'protocol'],
  ['6.8', 'protocol'],
  ['6.9', 'protocol'],
  ['6.11', 'protocol'],
  ['7.0', 'policy'],
  ['7.1', 'policy'],
  ['7.2', 'policy'],
  ['7.4', 'tls_failure'],
  ['7.5', 'tls_failure'],
  ['7.7', 'content_spam'],
  ['7.8', 'relay_denied'],
  ['7.10', 'tls_failure'],
  ['7.11', 'tls_failure'],
  ['7.17', 'recipient_moved'], // RFC 7293: the mailbox has another owner now
  ['7.18', 'domain_invalid'],
  ['7.20', 'auth_required'], // RFC 7372
  ['7.21', 'auth_required'],
  ['7.22', 'auth_required'],
  ['7.23', 'auth_required'],
  ['7.24', 'auth_required'],
  ['7.25', 'reputation_ip'],
  ['7.26', 'auth_required'],
  ['7.27', 'sender_invalid'], // RFC 7505: the sender's domain has a null MX
  ['7.28', 'rate_limited'],
  ['7.29', 'auth_required'],
  ['7.30', 'tls_failure'], // RFC 8689
])

/** The same for 4yz, where a code that means refusal at 5yz means haste (O32). */
export const BY_TRANSIENT_STATUS: ReadonlyMap<string, BounceClass> = new Map<string, BounceClass>([
  ['2.0', 'greylisted'], // O34
  ['7.0', 'rate_limited'],
  ['7.1', 'rate_limited'],
  ['1.10', 'unknown'],
  ['4.4', 'dns_failure'],
])

/** Reply codes (RFC 5321 §4.2.3) that say enough by themselves. */
export const BY_CODE: ReadonlyMap<number, BounceClass> = new Map<number, BounceClass>([
  [421, 'rate_limited'],
  [422, 'mailbox_full'],
  [454, 'tls_failure'],
  [471, 'content_spam'],
  [500, 'protocol'],
  [501, 'protocol'],
  [502, 'protocol'],
  [503, 'protocol'],
  [504, 'protocol'],
  [521, 'domain_invalid'], // RFC 7504: the host takes no mail
  [523, 'tls_failure'],
  [530, 'relay_denied'],
  [535, 'relay_denied'],
  [551, 'recipient_moved'],
  [552, 'mailbox_full'],
  [555, 'protocol'],
  [556, 'domain_invalid'],
  [571, 'policy'],
])
