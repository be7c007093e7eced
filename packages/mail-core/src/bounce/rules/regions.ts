import type { BounceRule } from './rule.ts'

/** Replies of Japanese carriers, of other large providers, and of filters that stand in front of companies' mail servers. */
export const REGION_RULES: readonly BounceRule[] = [
  // docomo and au say «unknown user» after the message too: then the recipient's own filter refused it.
  { providers: ['docomo'], class: 'policy', stages: ['data', 'end'], codes: ['550'], text: ['unknown user'] },
  { providers: ['docomo'], class: 'recipient_unknown', codes: ['550'], text: ['unknown user'] },
  { providers: ['docomo'], class: 'mailbox_full', codes: ['552'], text: ['too much mail data'] },
  {
    providers: ['docomo', 'au', 'softbank'],
    class: 'rate_limited',
    codes: ['552', '45'],
    text: ['too many recipients'],
  },
  { providers: ['au'], class: 'policy', codes: ['550'], text: ['^:? ?user unknown'] },
  { providers: ['au'], class: 'recipient_unknown', codes: ['550'], text: ['<>: user unknown'] },
  { providers: ['softbank'], class: 'recipient_unknown', codes: ['550'], text: ['invalid recipient'] },
  { providers: ['softbank'], class: 'sender_invalid', codes: ['553'], text: ['does not exist'] },
  {
    providers: ['docomo', 'au', 'softbank', 'yahoo_jp'],
    class: 'rate_limited',
    codes: ['42', '45'],
    stages: ['banner', 'hello', 'mail'],
  },

  // GMX, WEB.DE: postmaster.gmx.net/en/error-messages
  { providers: ['gmx'], class: 'auth_required', text: ['reject due to spf policy'] },
  {
    providers: ['gmx'],
    class: 'reputation_ip',
    text: ['block listed', 'bad dns ptr', 'restrictions \\(ip based\\)', 'policy violations'],
  },
  { providers: ['gmx'], class: 'reputation_domain', text: ['restrictions \\(domain based\\)'] },
  { providers: ['gmx'], class: 'protocol', text: ['restrictions \\(header based\\)'] },
  { providers: ['gmx'], class: 'sender_invalid', text: ['invalid dns mx'] },
  { providers: ['gmx'], class: 'policy', text: ['reject due to policy restrictions'] },

  { providers: ['t_online'], class: 'content_spam', stages: ['end'], text: ['considered as spam or virus'] },
  { providers: ['mail_ru'], class: 'recipient_disabled', text: ['account is (?:disabled|blocked)'] },
  { providers: ['mail_ru'], class: 'rate_limited', codes: ['4'], text: ['ratelimit exceeded', 'too many'] },
  { providers: ['yandex'], class: 'recipient_disabled', text: ['policy rejection on the target address'] },
  { providers: ['yandex'], class: 'rate_limited', scope: 'recipient', text: ['recipient has exceeded'] },
  {
    providers: ['tencent'],
    class: 'rate_limited',
    text: ['frequency limited', 'mailbox unavailable or access den', 'frequency of receiving'],
  },
  { providers: ['tencent'], class: 'reputation_ip', text: ['suspected spam ip', 'connection denied'] },
  { providers: ['tencent'], class: 'reputation_domain', text: ['suspected spam sender', 'suspected bounce attacks'] },
  {
    providers: ['tencent'],
    class: 'content_spam',
    text: ['mail content denied', 'spam is embedded', 'suspected spam'],
  },
  { providers: ['tencent'], class: 'policy', text: ['rejected by recipients'] },
  // NetEase: help.mail.163.com/faqDetail.do?code=d7a5dc8471cd0c0e8b4b8f4f8e49998b374173cfe9171305fa1ce630d7f67ac2
  { providers: ['netease'], class: 'content_spam', text: ['dt:sp[mbt]'] },
  {
    providers: ['netease'],
    class: 'rate_limited',
    text: ['mi:(?:c|d|e|i|s|n)[a-z]{2}', 'hl:(?:itc|ird|ire)', 'rp:(?:drc|qrc|ced|tra)'],
  },
  { providers: ['netease'], class: 'auth_required', text: ['mi:spf', 'mi:dmc', 'dmarc'] },

  { providers: ['orange'], class: 'mailbox_full', text: ['ofr_?417', 'overquota'] },
  { providers: ['orange'], class: 'recipient_unknown', text: ['ofr_?41[68]'] },
  { providers: ['orange'], class: 'content_spam', text: ['ofr_?506'] },
  { providers: ['comcast'], class: 'rate_limited', text: ['rl0\\d\\d', 'too many recent messages'] },
  { providers: ['comcast'], class: 'reputation_ip', text: ['bl0\\d\\d', 'comcast block for spam'] },
  {
    providers: ['comcast'],
    class: 'recipient_unknown',
    text: ['not our customer', 'mailbox unallocated', 'recipient unavailable'],
  },
  { providers: ['comcast'], class: 'auth_required', text: ['dm0\\d\\d'] },
  { providers: ['zoho'], class: 'relay_denied', text: ['relaying disallowed'] },
  {
    providers: ['zoho'],
    class: 'policy',
    text: ['mailpolicy violation', 'policy error', 'rejected by destination domain'],
  },

  // Filters in front of companies' servers
  {
    providers: ['mimecast'],
    class: 'greylisted',
    codes: ['451'],
    text: ['internal resources? (?:are )?temporarily unavailable'],
  },
  { providers: ['mimecast'], class: 'recipient_unknown', codes: ['5'], text: ['invalid recipient'] },
  { providers: ['mimecast'], class: 'reputation_ip', text: ['ct ip reputation', 'ip temporarily blacklisted'] },
  { providers: ['mimecast'], class: 'auth_required', text: ['(?:spf|dkim|dmarc) sender invalid', 'anti-spoofing'] },
  { providers: ['mimecast'], class: 'tls_failure', text: ['route requires'] },
  {
    providers: ['mimecast'],
    class: 'policy',
    text: [
      'envelope (?:blocked|rejected)',
      'blocked senders',
      'security policies',
      'content examination',
      'sender address blocked',
    ],
  },
  { providers: ['proofpoint'], class: 'recipient_unknown', text: ['marked as invalid', 'not a valid email address'] },
  {
    providers: ['barracuda'],
    class: 'content_spam',
    text: ['banned content', 'spam url', 'permanent failure for one or more recipients'],
  },
  { providers: ['barracuda'], class: 'policy', text: ['policy rejection', '^blocked$'] },
  { providers: ['barracuda'], class: 'auth_required', text: ['spoofed message'] },
  { providers: ['trend_micro'], class: 'recipient_unknown', text: ['invalid-recipient'] },
  { providers: ['trend_micro'], class: 'relay_denied', text: ['no-domain'] },
  { providers: ['trend_micro'], class: 'reputation_ip', text: [' ers-'] },
  { providers: ['trend_micro'], class: 'policy', text: ['block-'] },
  { providers: ['broadcom'], class: 'content_spam', text: ['message filtered'] },
  { providers: ['broadcom'], class: 'relay_denied', text: ['to use me & as a relay'] },
  { providers: ['broadcom'], class: 'rate_limited', codes: ['4'], text: ['requested action aborted'] },
]
