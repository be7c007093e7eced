import type { Explanation } from '../bounce/classes.ts'
import type { ExplainLanguage } from '../bounce/explain.ts'
import { formatMailDate } from '../message/date.ts'
import type { DsnAction } from './types.ts'

/** The words of a DSN for people, in one language. */
export interface DsnWords {
  /** The name in From. */
  readonly from: string
  /** Begins the subject; the message's own follows. */
  readonly subject: Readonly<Record<DsnAction, string>>
  /** Before the list of recipients. */
  readonly heading: Readonly<Record<DsnAction, string>>
  /** Instead of the explanation of a class. */
  readonly suppressed: Explanation
  readonly until: (date: string) => string
  readonly said: (host: string) => string
  readonly weSay: string
  readonly about: (subject: string, date: string) => readonly string[]
  readonly more: (count: number) => string
  readonly closing: (hostname: string, hasFullMessage: boolean) => string
  readonly date: (date: Date) => string
}

const two = (value: number): string => String(value).padStart(2, '0')

export const DSN_WORDS: Readonly<Record<ExplainLanguage, DsnWords>> = {
  en: {
    from: 'Mail system',
    subject: {
      failed: 'Not delivered',
      delayed: 'Not delivered yet',
      relayed: 'Passed on',
      delivered: 'Delivered',
      expanded: 'Passed on to the members of a group',
    },
    heading: {
      failed: 'Your message could not be delivered to:',
      delayed: 'Your message has not been delivered yet to:',
      relayed: 'Your message was passed on to mail systems that do not report whether it arrives in the mailbox, for:',
      delivered: 'Your message has arrived in the mailbox of:',
      expanded: 'Your message was passed on to the members of:',
    },
    suppressed: {
      happened:
        'It was not sent: earlier mail to the address came back, or somebody there or here asked that none be sent, so that it is on the suppression list.',
      todo: 'If the address is right and the recipient wants your mail, ask your administrator to take it off the list, then send the message again.',
    },
    until: (date) => `We keep trying until ${date}. You do not need to send it again.`,
    said: (host) => `The other mail system, ${host}, said:`,
    weSay: 'Technically:',
    about: (subject, date) => [`Subject: ${subject}`, `Sent: ${date}`],
    more: (count) => `… and ${count} more, who are listed in the attached report.`,
    closing: (hostname, hasFullMessage) =>
      `The mail system at ${hostname} wrote this message by itself. Attached are a report for programs and ` +
      `${hasFullMessage ? 'your message' : 'the header of your message'}.`,
    date: (date) => formatMailDate(date).replace(/ \+0000$/, ' UTC'),
  },
  ja: {
    from: 'メールシステム',
    subject: {
      failed: '配信できませんでした',
      delayed: '配信が遅れています',
      relayed: '相手のシステムに渡しました',
      delivered: '配信しました',
      expanded: 'グループのメンバーに渡しました',
    },
    heading: {
      failed: '次の宛先にメールを配信できませんでした。',
      delayed: '次の宛先には、まだメールを配信できていません。',
      relayed: '次の宛先のメールは相手のメールシステムに渡しました。メールボックスに届いたかどうかは通知されません。',
      delivered: '次の宛先のメールボックスにメールが届きました。',
      expanded: '次のグループのメンバーにメールを渡しました。',
    },
    suppressed: {
      happened:
        'このアドレスは配信停止リストに載っているため、送信しませんでした。以前のメールが戻ってきたか、送らないよう依頼があったためです。',
      todo: 'アドレスに間違いがなく、相手がメールを希望している場合は、管理者にリストからの削除を依頼し、もう一度お送りください。',
    },
    until: (date) => `${date}まで再送を続けます。もう一度お送りいただく必要はありません。`,
    said: (host) => `相手のメールシステム（${host}）の応答：`,
    weSay: '技術的な詳細：',
    about: (subject, date) => [`件名：${subject}`, `送信日時：${date}`],
    more: (count) => `ほか${count}件の宛先は、添付の報告に記載しています。`,
    closing: (hostname, hasFullMessage) =>
      `このメールは${hostname}のメールシステムが自動的に作成しました。プログラム用の報告と、` +
      `お送りいただいたメール${hasFullMessage ? '' : 'のヘッダー'}を添付しています。`,
    date: (date) =>
      `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日 ` +
      `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}（UTC）`,
  },
}
