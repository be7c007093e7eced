import { clientNetwork } from '@mairust/mail-core/inbound'
import type { Listener } from '@mairust/mail-core/smtp'
import { createNews, type Log } from '@mairust/log'

/** What may happen to a client before it can be told anything by a transaction. */
export interface Notices {
  /** A connection was turned away. @param reason name of the limit */
  readonly turnedAway: (remoteAddress: string, reason: string) => void
  /** TLS did not come about. @param reason code of the error */
  readonly tlsFailed: (remoteAddress: string, reason: string) => void
  /** AUTH came before TLS. @param requestId id of the connection */
  readonly loginWithoutTls: (remoteAddress: string, requestId: string) => void
}

/** Log lines about connections, of which strangers can make thousands: one a minute for each network, listener and reason. */
export function createNotices(listener: Listener, log: Log, now: () => number): Notices {
  const news = createNews(now)
  const isNew = (what: string, remoteAddress: string, reason: string): boolean =>
    news(`${what} ${reason} ${clientNetwork(remoteAddress)}`)
  return {
    turnedAway: (remoteAddress, reason) => {
      if (isNew('limit', remoteAddress, reason))
        log.info({ listener, reason, remote_addr: remoteAddress }, 'Connections of a client are turned away')
    },
    tlsFailed: (remoteAddress, reason) => {
      if (isNew('tls', remoteAddress, reason))
        log.info({ listener, reason, remote_addr: remoteAddress }, 'A TLS handshake failed')
    },
    loginWithoutTls: (remoteAddress, requestId) => {
      const about = { reason: 'no_tls', via: 'submission', remote_addr: remoteAddress, request_id: requestId }
      if (isNew('login', remoteAddress, about.reason)) log.info(about, 'A login was refused')
    },
  }
}
