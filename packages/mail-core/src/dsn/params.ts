import type { MailParams, RcptParams } from '../smtp/params.ts'
import { decodeUtf8Address, encodeUtf8Address, encodeXtext } from './xtext.ts'

/** The DSN parameters of MAIL for a server that offers the extension (O45, RFC 3461 §4.3, §4.4), each with a space before it. */
export function dsnMailParams({ ret, envid }: Pick<MailParams, 'ret' | 'envid'>): string {
  return `${ret === null ? '' : ` RET=${ret.toUpperCase()}`}${envid === null ? '' : ` ENVID=${encodeXtext(envid)}`}`
}

/** The DSN parameters of RCPT (RFC 3461 §4.1, §4.2), passed on as they came (§5.2.1). */
export function dsnRcptParams({ notify, orcpt }: RcptParams): string {
  const words = notify?.length === 0 ? 'NEVER' : notify?.join(',').toUpperCase()
  return (
    (words === undefined ? '' : ` NOTIFY=${words}`) + (orcpt === null ? '' : ` ORCPT=${orcpt.type};${original(orcpt)}`)
  )
}

/** An address of type `utf-8` has a form that needs no SMTPUTF8; it may have come in that form already (RFC 6533 §3). */
function original({ type, address }: NonNullable<RcptParams['orcpt']>): string {
  if (type.toLowerCase() !== 'utf-8') return encodeXtext(address)
  return encodeUtf8Address(decodeUtf8Address(address))
}
