import { ADDRESS_RULES } from './address.ts'
import { MAILBOX_RULES } from './mailbox.ts'
import type { BounceRule } from './rule.ts'
import { TRANSPORT_RULES } from './transport.ts'
import { TRUST_RULES } from './trust.ts'

/**
 * What mail servers of every make say (Postfix, Exim, sendmail, qmail, Exchange …), the more telling phrases first. Each text means
 * the same whatever code stands before it, unless a rule says otherwise.
 */
export const GENERIC_RULES: readonly BounceRule[] = [
  ...TRUST_RULES,
  ...MAILBOX_RULES,
  ...ADDRESS_RULES,
  ...TRANSPORT_RULES,
]
