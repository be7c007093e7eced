import { formatPath, type ReversePath } from '@mairust/mail-core/address'
import { dsnMailParams, dsnRcptParams } from '@mairust/mail-core/dsn'
import type { RcptFacts } from '../message.ts'
import type { ServerOffers } from './offers.ts'

/** What MAIL says beside the address. */
export interface MailFacts {
  readonly sender: ReversePath
  readonly size: number
  readonly eightBit: boolean
  readonly smtpUtf8: boolean
  readonly ret: 'full' | 'hdrs' | null
  readonly envid: string | null
}

/** MAIL with the parameters that the server understands (RFC 1870, RFC 6152, RFC 6531, RFC 3461). */
export function mailCommand(mail: MailFacts, offers: ServerOffers): string {
  const words = [`MAIL FROM:<${formatPath(mail.sender)}>`]
  if (offers.size !== null) words.push(`SIZE=${mail.size}`)
  if (mail.eightBit && offers.eightBitMime) words.push('BODY=8BITMIME')
  if (mail.smtpUtf8) words.push('SMTPUTF8')
  return commandLine(words.join(' ') + (offers.dsn ? dsnMailParams(mail) : ''))
}

/** RCPT, with the wishes for notices if the server passes them on (O45). */
export function rcptCommand(rcpt: RcptFacts, offers: ServerOffers): string {
  return commandLine(`RCPT TO:<${formatPath(rcpt.address)}>${offers.dsn ? dsnRcptParams(rcpt) : ''}`)
}

/** Addresses come from our parser, which takes no line ends. If one did come through, it must not become a command. */
function commandLine(line: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must not be sent
  if (/[\x00-\x1f\x7f]/.test(line)) throw new Error('A command would contain a control character')
  return line
}
