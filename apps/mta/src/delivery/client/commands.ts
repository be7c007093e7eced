import { formatPath, type ReversePath } from '@mairust/mail-core/address'
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
  if (offers.dsn && mail.ret !== null) words.push(`RET=${mail.ret.toUpperCase()}`)
  if (offers.dsn && mail.envid !== null) words.push(`ENVID=${xtext(mail.envid)}`)
  return commandLine(words)
}

/** RCPT, with the wishes for notices if the server passes them on (O45). */
export function rcptCommand({ address, notify, orcpt }: RcptFacts, offers: ServerOffers): string {
  const words = [`RCPT TO:<${formatPath(address)}>`]
  if (offers.dsn && notify !== null) words.push(`NOTIFY=${notify.join(',').toUpperCase() || 'NEVER'}`)
  if (offers.dsn && orcpt !== null) words.push(`ORCPT=${orcpt.type};${original(orcpt)}`)
  return commandLine(words)
}

/** xtext (RFC 3461 §4). */
function xtext(text: string): string {
  return text.replace(/[^\x21-\x7e]|[+=]/g, (character) => {
    const code = character.charCodeAt(0)
    return `+${code.toString(16).toUpperCase().padStart(2, '0')}`
  })
}

/** An address of type `utf-8` has a form of its own that needs no SMTPUTF8: `\x{3042}` (RFC 6533 §3). */
function original({ type, address }: NonNullable<RcptFacts['orcpt']>): string {
  if (type.toLowerCase() !== 'utf-8') return xtext(address)
  return address.replace(/[^\x21-\x7e]|[+=\\]/gu, (character) => {
    return `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`
  })
}

/** Addresses come from our parser, which takes no line ends. If one did come through, it must not become a command. */
function commandLine(words: readonly string[]): string {
  const line = words.join(' ')
  // eslint-disable-next-line no-control-regex -- control characters are what must not be sent
  if (/[\x00-\x1f\x7f]/.test(line)) throw new Error('A command would contain a control character')
  return line
}
