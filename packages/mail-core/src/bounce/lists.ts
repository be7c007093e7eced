/** A block list: who is on it, and where one gets off it. */
export interface BlockList {
  readonly name: string
  readonly delistUrl: string
}

interface ListRow extends BlockList {
  /** As in `BounceRule.text`. */
  readonly text: readonly string[]
  /** Whether it lists domains, found in the sender or in the message, and not the addresses of servers. */
  readonly domains?: true
}

/** Block lists that replies name. Domain lists come first, because their replies often name the operator's other lists too. */
export const BLOCK_LISTS: readonly ListRow[] = [
  {
    name: 'Spamhaus DBL',
    delistUrl: 'https://check.spamhaus.org/',
    text: ['dbl\\.spamhaus', 'spamhaus dbl', 'spamhaus\\.org/dbl', 'mailfrom domain is listed in spamhaus'],
    domains: true,
  },
  { name: 'SURBL', delistUrl: 'https://surbl.org/surbl-analysis', text: ['surbl'], domains: true },
  { name: 'URIBL', delistUrl: 'https://admin.uribl.com/', text: ['uribl'], domains: true },
  {
    name: 'Spamhaus',
    delistUrl: 'https://check.spamhaus.org/',
    text: ['spamhaus', 'exploits block list', 'cbl\\.abuseat\\.org'],
  },
  { name: 'SpamCop', delistUrl: 'https://www.spamcop.net/bl.shtml', text: ['spamcop'] },
  {
    name: 'Barracuda',
    delistUrl: 'https://www.barracudacentral.org/rbl/removal-request',
    text: ['barracudacentral', 'barracudanetworks\\.com/reputation'],
  },
  {
    name: 'Proofpoint Dynamic Reputation',
    delistUrl: 'https://ipcheck.proofpoint.com/',
    text: [
      'prs\\.proofpoint\\.com',
      'ipcheck\\.proofpoint\\.com',
      'proofpoint\\.com/dnsbl-lookup',
      'dnsbl-lookup\\.cgi',
    ],
  },
  {
    name: 'Cloudmark Sender Intelligence',
    delistUrl: 'https://csi.cloudmark.com/en/reset/',
    text: ['csi\\.cloudmark', 'cloudmark sender'],
  },
  {
    name: 'Outlook.com',
    delistUrl: 'https://olcsupport.office.com/',
    text: ['on our block list \\(s31', '\\(s3140\\)', '\\(s3150\\)'],
  },
  {
    name: 'Microsoft 365',
    delistUrl: 'https://sender.office.com/',
    text: ['banned sending ip', 'sender\\.office\\.com'],
  },
  { name: 'UCEPROTECT', delistUrl: 'https://www.uceprotect.net/en/rblcheck.php', text: ['uceprotect'] },
  { name: 'Abusix', delistUrl: 'https://lookup.abusix.com/', text: ['abusix', 'mail\\.abusix\\.zone'] },
  { name: 'SORBS', delistUrl: 'https://en.wikipedia.org/wiki/SORBS', text: ['\\bsorbs\\b'] },
  { name: 'PSBL', delistUrl: 'https://psbl.org/', text: ['psbl\\.surriel', 'psbl\\.org'] },
  { name: 'Mailspike', delistUrl: 'https://mailspike.org/', text: ['mailspike'] },
  { name: 'Invaluement', delistUrl: 'https://www.invaluement.com/removal/', text: ['invaluement', 'ivmsip'] },
  { name: 'Sender Score', delistUrl: 'https://senderscore.org/rtbl/', text: ['senderscore', 'sender score'] },
  {
    name: 'Talos',
    delistUrl: 'https://talosintelligence.com/reputation_center/support',
    text: ['talosintelligence', 'senderbase'],
  },
  {
    name: 'Trend Micro ERS',
    delistUrl: 'https://servicecenter.trendmicro.com/en-us/ers/',
    text: ['mail-abuse\\.com', 'trendmicro & reputation', ' ers-'],
  },
  {
    name: 'Broadcom',
    delistUrl: 'https://ipremoval.sms.symantec.com/',
    text: ['ipremoval\\.sms\\.symantec', 'ipremoval'],
  },
  { name: 'NiX Spam', delistUrl: 'https://www.nixspam.net/', text: ['ix\\.dnsbl\\.manitu\\.net', 'nixspam'] },
  { name: 'Fortinet', delistUrl: 'https://www.fortiguard.com/faq/antispam', text: ['fortiguard & black ip'] },
  { name: 'GoDaddy', delistUrl: 'https://unblock.secureserver.net/', text: ['unblock\\.secureserver\\.net'] },
  { name: 'Telekom', delistUrl: 'https://postmaster.t-online.de/', text: ['tobr@rx\\.t-online', 'tosa@rx\\.t-online'] },
  {
    name: 'GMX, WEB.DE',
    delistUrl: 'https://postmaster.gmx.net/en/',
    text: ['postmaster\\.gmx & block listed', 'ip address is block listed'],
  },
]
