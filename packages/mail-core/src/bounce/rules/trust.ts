import type { BounceRule } from './rule.ts'

/** Texts about who sends: unknown so far, or not proven. */
export const TRUST_RULES: readonly BounceRule[] = [
  {
    class: 'greylisted',
    codes: ['4'],
    text: [
      'gr[ea]y-?list',
      'address verification in progress',
      'please come back in',
      'temporary envelope failure',
      'first time sender',
    ],
  },

  // Who sends
  {
    class: 'auth_required',
    text: [
      'dmarc',
      'dkim',
      '\\bspf\\b',
      'sender policy framework',
      'openspf',
      '\\bbatv\\b',
      'domain & mismatches client ip',
      'not allowed to send (?:mail )?(?:from|for)',
      'authentication level',
      'mail is not signed',
      '(?:unauthenticated|not authenticated) & (?:spf|sender|email)',
    ],
  },
  {
    class: 'reputation_ip',
    text: [
      'ptr record',
      'no ptr',
      'reverse dns',
      'reverse hostname',
      'reverse lookup',
      'cannot find your (?:reverse )?hostname',
      'unresolvable relay host',
      'ip name lookup failed',
      'rdns',
      'helo command rejected',
      'ehlo command rejected',
      'helo.*invalid',
      'bad helo',
      'resolve your (?:address|host|ip)',
      'dynamic ip',
      'generic dns',
    ],
  },
]
