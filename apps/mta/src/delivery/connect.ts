import { connect as connectTcp, type Socket } from 'node:net'
import { failures, type LocalFailure, type PlannedAddress } from '@mairust/mail-core/outbound'
import { isPublicAddress } from '@mairust/mail-core/ip'

/** Our addresses to connect from; null: the system chooses. */
export interface Sources {
  readonly v4: string | null
  readonly v6: string | null
}

export interface ConnectOptions {
  readonly target: Pick<PlannedAddress, 'address' | 'family'>
  readonly port: number
  readonly sources: Sources
  readonly allowPrivate: boolean
  readonly timeoutMs: number
  /** Is told of the connection as it begins. */
  readonly own: (socket: Socket) => void
}

export type Connected =
  | { readonly ok: true; readonly socket: Socket }
  | {
      readonly ok: false
      /** Whether this machine has no way to addresses of that family at all (O7). */
      readonly noRoute: boolean
      readonly failure: LocalFailure
      readonly detail: string
    }

/** Errors of a family that this machine does not have, or has no route for. */
const NO_ROUTE = new Set(['ENETUNREACH', 'EAFNOSUPPORT', 'EADDRNOTAVAIL'])

/** Connects to one address. The address that the socket really has is checked too (O6). Never rejects. */
export function connect({ target, port, sources, allowPrivate, timeoutMs, own }: ConnectOptions): Promise<Connected> {
  const { address, family } = target
  const allowed = (ip: string) => allowPrivate || isPublicAddress(ip)
  const forbidden: Connected = { ok: false, noRoute: false, failure: failures.forbiddenAddress, detail: address }
  if (!allowed(address)) return Promise.resolve(forbidden)
  return new Promise((resolve) => {
    const localAddress = family === 6 ? sources.v6 : sources.v4
    const socket = connectTcp({
      host: address,
      port,
      family,
      noDelay: true,
      ...(localAddress === null ? {} : { localAddress }),
    })
    own(socket)
    const failed = (detail: string, noRoute = false): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ ok: false, noRoute, failure: failures.noAnswer, detail })
    }
    const timer = setTimeout(() => failed('no answer in time'), timeoutMs)
    const onError = (error: NodeJS.ErrnoException) => failed(error.message, NO_ROUTE.has(error.code ?? ''))
    socket.once('error', onError)
    // Ended from outside.
    socket.once('close', () => failed('closed'))
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      if (allowed(socket.remoteAddress ?? '')) {
        resolve({ ok: true, socket })
        return
      }
      socket.on('error', () => undefined)
      socket.destroy()
      resolve(forbidden)
    })
  })
}
