import type { Log } from '@mairust/log'
import { escapeRemote } from '@mairust/mail-core/smtp'

/** Most characters of an account in the log: more than names have, and little of what strangers send. */
const MAX_ACCOUNT = 100

/** A login that was refused, for the operator; the client does not learn why. */
export interface RefusedLogin {
  account: string
  reason: string
  via: string
  /** Of the client. */
  address: string
  requestId: string
}

/** Logs a refused login. */
export const logRefusedLogin = (log: Log, { account, reason, via, address, requestId }: RefusedLogin): void =>
  log.info(
    {
      account: escapeRemote(account, MAX_ACCOUNT),
      reason,
      via,
      remote_addr: address,
      request_id: requestId,
    },
    'A login was refused',
  )
