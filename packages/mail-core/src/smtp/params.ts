import type { SmtpReply } from './reply.ts'

/** Parameters of MAIL, parsed. */
export interface MailParams {
  /** Bytes announced by SIZE (RFC 1870), or null. */
  readonly size: number | null
  readonly body: '7bit' | '8bitmime'
  readonly smtputf8: boolean
  readonly ret: 'full' | 'hdrs' | null
  readonly envid: string | null
}

export type Notify = 'success' | 'failure' | 'delay'

/** Parameters of RCPT, parsed. `notify` is null when absent, and empty for NEVER (RFC 3461 §4.1). */
export interface RcptParams {
  readonly notify: readonly Notify[] | null
  readonly orcpt: { readonly type: string; readonly address: string } | null
}

/** Keyword in any case and value, xtext already decoded; true for a keyword without value. */
export type ParamEntry = readonly [keyword: string, value: string | true]

export type ParamsResult<T> =
  | { readonly ok: true; readonly params: T }
  | { readonly ok: false; readonly keyword: string; readonly reply: SmtpReply }
