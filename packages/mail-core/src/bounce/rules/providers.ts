import type { BounceRule } from './rule.ts'

/** Replies of the largest providers, which use one code for many things and their own texts and codes for each. */
export const PROVIDER_RULES: readonly BounceRule[] = [
  // Gmail: support.google.com/a/answer/3221692
  {
    providers: ['google'],
    class: 'recipient_unknown',
    text: ['nosuchuser', 'is not a valid rfc.?5321 address'],
    codes: ['55'],
  },
  {
    providers: ['google'],
    class: 'recipient_disabled',
    text: ['disableduser', 'that you tried to reach is (?:disabled|inactive)'],
  },
  { providers: ['google'], class: 'mailbox_full', text: ['overquota', 'out of storage space', 'is over quota'] },
  {
    providers: ['google'],
    class: 'rate_limited',
    scope: 'recipient',
    text: ['receivingrate', 'is receiving mail (?:too quickly|at a rate)'],
  },
  { providers: ['google'], class: 'reputation_ip', ipv6Only: true, text: ['ipv6autherror', 'ipv6 sending guidelines'] },
  {
    providers: ['google'],
    class: 'auth_required',
    status: ['7.24', '7.26', '7.27', '7.30', '7.32'],
  },
  {
    providers: ['google'],
    class: 'auth_required',
    text: [
      'due to domain.s dmarc policy',
      'fails to pass authentication checks',
      'to authenticate with',
      'dmarcrejection',
    ],
  },
  { providers: ['google'], class: 'reputation_ip', ipv6Only: true, status: ['7.23', '7.25'], text: ['ptr record'] },
  { providers: ['google'], class: 'tls_failure', status: ['7.29'] },
  { providers: ['google'], class: 'tls_failure', text: ['tls required', 'to use tls/ssl'] },
  { providers: ['google'], class: 'rate_limited', status: ['7.28'] },
  {
    providers: ['google'],
    class: 'rate_limited',
    text: ['unusual rate of', 'has been rate limited', 'relay (?:sending )?limit exceeded'],
  },
  { providers: ['google'], class: 'reputation_domain', text: ['low reputation of the sending domain'] },
  { providers: ['google'], class: 'reputation_ip', text: ['low reputation of the sending ip', 'not in whitelist'] },
  {
    providers: ['google'],
    class: 'content_virus_or_attachment',
    text: ['illegal attachment', 'potential security issue', 'blockedmessage'],
  },
  {
    providers: ['google'],
    class: 'content_spam',
    text: ['unsolicited mail', 'nature of the content', 'unsolicitedmessageerror'],
  },
  {
    providers: ['google'],
    class: 'too_large',
    text: ['message size limit', 'maxsizeerror', 'header size', 'limit attachments'],
  },
  {
    providers: ['google'],
    class: 'protocol',
    text: ['rfcmessagenoncompliant', 'rfc 5322 compliant', 'from: header', 'message-id: header'],
  },

  // Outlook.com and Microsoft 365: learn.microsoft.com/exchange/mail-flow/non-delivery-reports-and-bounce-messages
  {
    providers: ['outlook', 'microsoft'],
    class: 'recipient_unknown',
    text: [
      'recipientnotfound',
      'recipient address(?:es)? rejected ?: access denied',
      'all recipient addresses rejected',
      'mailbox unavailable',
    ],
  },
  { providers: ['outlook', 'microsoft'], class: 'recipient_unknown', codes: ['5'], status: ['1.10'] },
  { providers: ['outlook', 'microsoft'], class: 'reputation_domain', text: ['mailfrom domain is listed'] },
  {
    providers: ['outlook', 'microsoft'],
    class: 'rate_limited',
    text: ['temporarily rate limited', 'server busy', 'queue quota'],
  },
  { providers: ['outlook', 'microsoft'], class: 'rate_limited', codes: ['4'], status: ['7.5##', '7.6##', '7.8##'] },
  { providers: ['outlook', 'microsoft'], class: 'rate_limited', scope: 'recipient', status: ['2.121', '2.122'] },
  { providers: ['outlook', 'microsoft'], class: 'reputation_ip', ipv6Only: true, status: ['7.510'] },
  {
    providers: ['outlook', 'microsoft'],
    class: 'reputation_ip',
    ipv6Only: true,
    text: ['does not accept email over ipv6'],
  },
  { providers: ['outlook', 'microsoft'], class: 'reputation_ip', ipv6Only: true, text: ['ipv6 address & reverse dns'] },
  {
    providers: ['outlook', 'microsoft'],
    class: 'auth_required',
    status: ['7.23', '7.26', '7.509', '7.515'],
  },
  { providers: ['outlook', 'microsoft'], class: 'protocol', status: ['7.512', '6.11'] },
  {
    providers: ['outlook', 'microsoft'],
    class: 'policy',
    status: ['7.12', '7.13', '7.124', '7.133', '7.134', '7.135', '7.136', '7.507'],
  },
  {
    providers: ['outlook', 'microsoft'],
    class: 'policy',
    text: ['transport\\.rules', 'customer block list', 'policy violation detected'],
  },
  { providers: ['outlook', 'microsoft'], class: 'reputation_domain', status: ['7.501', '7.502', '7.503', '7.750'] },
  { providers: ['outlook', 'microsoft'], class: 'reputation_ip', codes: ['5'], status: ['7.511', '7.6##', '7.708'] },
  { providers: ['outlook', 'microsoft'], class: 'reputation_ip', text: ['on our block list', 'helo domain is listed'] },

  // Yahoo and AOL: senders.yahooinc.com/smtp-error-codes
  { providers: ['yahoo'], class: 'reputation_ip', text: ['permanently deferred', '\\[bl\\d\\d\\]'] },
  { providers: ['yahoo'], class: 'sender_invalid', text: ['unresolvable rfc\\.5321'] },
  {
    providers: ['yahoo'],
    class: 'rate_limited',
    text: ['temporarily deferred due to', '\\[(?:ip)?tss?\\d\\d\\]', 'max message per connection'],
  },
  { providers: ['yahoo'], class: 'rate_limited', scope: 'recipient', text: ['user is receiving mail too quickly'] },
  { providers: ['yahoo'], class: 'content_spam', text: ['\\[ph\\d\\d\\]', 'message not allowed - \\[299\\]'] },
  { providers: ['yahoo'], class: 'protocol', text: ['headers are not rfc compliant'] },
  { providers: ['yahoo'], class: 'auth_required', status: ['7.9'] },
  { providers: ['yahoo'], class: 'recipient_disabled', text: ['mailbox is disabled', 'is no longer valid'] },
  { providers: ['yahoo'], class: 'recipient_unknown', text: ['this user doesn.t have a', 'mailbox not found'] },

  // Apple: support.apple.com/102322
  {
    providers: ['apple'],
    class: 'recipient_unknown',
    text: ['no longer on server', 'inactive email address', 'unknown or illegal alias'],
  },
  { providers: ['apple'], class: 'rate_limited', text: ['excessive volume', 'service unavailable - try again later'] },
  { providers: ['apple'], class: 'auth_required', text: ['\\[hme1\\]', 'failing both spf and dkim'] },
  { providers: ['apple'], class: 'policy', text: ['\\[cs01\\]'] },
  { providers: ['apple'], class: 'reputation_ip', stages: ['banner'], text: ['not accepting connections'] },
]
