/** A provider of mail for many domains. */
export interface Provider {
  readonly name: string
  /**
   * Its mail servers, and nobody else's: `.example.com` is every name under that, `*.example.com` one with one label more, where customers'
   * machines have longer names of the same domain.
   */
  readonly hosts: readonly string[]
  /** Messages over one connection, where the provider wants fewer than usual (O19). */
  readonly messagesPerConnection?: number
}

/**
 * The providers whose sites share limits and memory, and whose replies have a meaning of their own. The numbers are those that the providers publish or KumoMTA's shaping.toml has.
 */
export const PROVIDERS = {
  google: { name: 'Google', hosts: ['.google.com', '.googlemail.com'], messagesPerConnection: 50 },
  // The mailboxes of people; its block lists (S3140, S3150) are its own.
  outlook: { name: 'Outlook.com', hosts: ['.olc.protection.outlook.com'], messagesPerConnection: 50 },
  microsoft: {
    name: 'Microsoft 365',
    hosts: [
      '.mail.protection.outlook.com',
      '.mx.microsoft',
      '.mail.protection.office365.us',
      '.mail.protection.partner.outlook.cn',
    ],
    messagesPerConnection: 50,
  },
  yahoo: { name: 'Yahoo', hosts: ['.yahoodns.net'], messagesPerConnection: 20 },
  apple: { name: 'Apple iCloud', hosts: ['.icloud.com', '.mail.me.com'], messagesPerConnection: 5 },
  docomo: { name: 'NTT docomo', hosts: ['.docomo.ne.jp'] },
  au: { name: 'au (KDDI)', hosts: ['.ezweb.ne.jp', '.au.com'] },
  softbank: { name: 'SoftBank', hosts: ['.softbank.ne.jp', '.softbank.jp', '.vodafone.ne.jp', '.ymobile.ne.jp'] },
  yahoo_jp: { name: 'Yahoo! JAPAN', hosts: ['.yahoo.co.jp'] },
  gmx: { name: 'GMX, WEB.DE', hosts: ['.gmx.net', '.web.de'] },
  ionos: { name: 'IONOS', hosts: ['.kundenserver.de', '.ionos.com', '.ionos.de'] },
  t_online: { name: 'Telekom (t-online.de)', hosts: ['*.t-online.de'] },
  mail_ru: { name: 'Mail.ru', hosts: ['.mail.ru'] },
  yandex: { name: 'Yandex', hosts: ['.yandex.ru', '.yandex.net'] },
  tencent: { name: 'QQ', hosts: ['.qq.com'] },
  netease: { name: 'NetEase (163, 126)', hosts: ['.netease.com', '.163.com'] },
  ovh: { name: 'OVHcloud', hosts: ['.mail.ovh.net'] },
  orange: { name: 'Orange', hosts: ['*.orange.fr'] },
  comcast: { name: 'Comcast', hosts: ['*.comcast.net'] },
  zoho: { name: 'Zoho', hosts: ['.zoho.com', '.zoho.eu', '.zoho.in', '.zoho.jp', '.zohomail.com'] },
  fastmail: { name: 'Fastmail', hosts: ['.messagingengine.com'] },
  proton: { name: 'Proton Mail', hosts: ['.protonmail.ch'] },
  rackspace: { name: 'Rackspace', hosts: ['.emailsrvr.com'] },
  godaddy: { name: 'GoDaddy', hosts: ['*.secureserver.net'] },
  proofpoint: { name: 'Proofpoint', hosts: ['.pphosted.com', '.ppe-hosted.com', '.gpphosted.com'] },
  mimecast: {
    name: 'Mimecast',
    hosts: ['.mimecast.com', '.mimecast.co.za', '.mimecast-offshore.com'],
    messagesPerConnection: 100,
  },
  barracuda: { name: 'Barracuda', hosts: ['.barracudanetworks.com'] },
  cisco: { name: 'Cisco Secure Email', hosts: ['.iphmx.com'] },
  broadcom: { name: 'Email Security.cloud', hosts: ['.messagelabs.com'] },
  trend_micro: { name: 'Trend Micro', hosts: ['.trendmicro.com', '.trendmicro.eu', '.trendmicro.co.jp'] },
} as const satisfies Record<string, Provider>

export type ProviderId = keyof typeof PROVIDERS

const IDS = Object.keys(PROVIDERS) as ProviderId[] // the keys of a constant object are its type's

/** The row of a provider. */
export function providerOf(id: ProviderId): Provider {
  return PROVIDERS[id]
}

/** The provider of a mail server, by its name. */
export function providerOfHost(host: string): ProviderId | null {
  return IDS.find((id) => PROVIDERS[id].hosts.some((pattern) => matches(host, pattern))) ?? null
}

function matches(host: string, pattern: string): boolean {
  if (!pattern.startsWith('*')) return host.endsWith(pattern)
  return host.indexOf('.') === host.length - pattern.length + 1 && host.endsWith(pattern.slice(1))
}
