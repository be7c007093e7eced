import type { BounceFormat } from './format.ts'

/** Microsoft's and others' office servers, in the languages in which they write. */
export const GROUPWARE_FORMATS: readonly BounceFormat[] = [
  {
    name: 'microsoft_365',
    text: [
      "your message to & couldn't be delivered",
      'your message to & could not be delivered',
      'へのメッセージを配信できませんでした',
      'konnte nicht (?:zugestellt|.bermittelt) werden & office 365',
    ],
    begin: ['your message to', 'へのメッセージを配信', 'ihre nachricht an'],
    end: ['original message details', 'original message headers', 'message hops', '元のメッセージ', 'message details'],
  },
  {
    name: 'exchange',
    text: [
      'delivery has failed to these recipients',
      'diagnostic information for administrators',
      '次の受信者またはグループへのメッセージ',
      '次の受信者または配布リスト',
      'fehler bei der nachrichtenzustellung an folgende',
      '.chec de la remise pour ces destinataires',
      'error de entrega a los siguientes',
    ],
    begin: [
      'diagnostic information for admin',
      '管理者用の診断情報',
      'diagnoseinformationen',
      'informations de diagnostic',
      'información de diagnóstico',
    ],
    end: [
      'original message headers',
      '元のメッセージ ヘッダー',
      'ursprüngliche nachrichtenkopf',
      "en-têtes de message d'origine",
    ],
    delayed: [
      'delivery of this message to & has been delayed',
      'delivery is delayed',
      'will continue to try to deliver',
    ],
  },
  {
    name: 'exchange_2003',
    text: [
      'did not reach the following recipient',
      'did not reach some or all of the intended recipients',
      'could not be reached:',
      '次の受信者に送信できませんでした',
      'konnte folgenden empf.nger',
      'konnten nicht erreicht werden',
    ],
    begin: ['following recipient', 'could not be reached', '次の受信者', 'empfänger'],
    end: ['-----original'],
  },
  {
    name: 'notes',
    text: [
      'was not delivered to: & because',
      'was not delivered to & because:',
      '次の受信者に配信され',
      'wurde nicht zugestellt an & wegen',
    ],
    begin: ['was not delivered to', '次の受信者に配信', 'wurde nicht zugestellt'],
    end: ['what should you do', 'routing path', 'reporting-mta', 'to resend'],
  },
  {
    name: 'groupwise',
    text: ['undeliverable recipient', 'groupwise'],
    begin: ['undeliverable recipient', 'following'],
  },
  {
    name: 'zimbra_or_kerio',
    text: [
      'your message did not reach some & following recipient',
      'kerio connect',
      'could not be delivered to the following recipient',
    ],
    begin: ['following recipient'],
  },
]
