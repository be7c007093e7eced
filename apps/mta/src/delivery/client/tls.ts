import {
  checkServerIdentity,
  connect,
  createSecureContext,
  DEFAULT_CIPHERS,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import { failures, type TlsDemand } from '@mairust/mail-core/outbound'
import type { Channel } from './channel.ts'

/** Certificates to trust beside, and in place of, those that come with Node.js; undefined: those. */
export type Trust = string | readonly string[] | undefined

export interface Handshake {
  readonly protocol: string | null
  readonly cipher: string | null
  /** Why the certificate does not prove the server's name, as Node.js names it; null: it does. */
  readonly problem: string | null
}

/** There is no TLS with this server. */
export class HandshakeFailed extends Error {
  override readonly name = 'HandshakeFailed'
}

const contexts = new Map<string, SecureContext>()

/**
 * Starts TLS on the connection, after the server's 220 to STARTTLS. Text that came with that reply may be anybody's: the connection
 * ends (RFC 3207 §6, CVE-2021-38371).
 * @throws HandshakeFailed, Broken
 */
export async function startTls(channel: Channel, demand: TlsDemand, trust: Trust, ms: number): Promise<Handshake> {
  if (channel.hasUnread) throw channel.fail(failures.injected)
  const { serverName } = demand
  const plain = channel.release()
  const socket = connect({
    socket: plain,
    secureContext: contextOf(demand, trust),
    // What the certificate proves is found out here; what follows from it is `tlsStep`'s to say.
    rejectUnauthorized: false,
    ...(serverName === null ? {} : { servername: serverName }),
    checkServerIdentity: (_, certificate) =>
      serverName === null ? nameless() : checkServerIdentity(serverName, certificate),
  })
  try {
    await secured(socket, ms)
  } catch (error) {
    socket.destroy()
    plain.destroy()
    throw error
  }
  channel.adopt(socket)
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().standardName,
    problem: socket.authorized ? null : problemOf(socket.authorizationError),
  }
}

function secured(socket: TLSSocket, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new HandshakeFailed(why))
    const timer = setTimeout(() => fail('no answer in time'), ms)
    socket.once('secureConnect', resolve)
    socket.once('close', () => {
      clearTimeout(timer)
      fail('the connection was closed')
    })
    socket.once('secureConnect', () => clearTimeout(timer))
    // It may fail again while it is destroyed.
    socket.on('error', (error: Error) => fail(error.message))
  })
}

/**
 * Where nothing has to be proven, weak keys are better than clear text (RFC 7435 §3); export and null ciphers are in neither list.
 * Making a context costs a millisecond, and there are few different ones.
 */
function contextOf({ minVersion, verify }: TlsDemand, trust: Trust): SecureContext {
  const key = JSON.stringify([minVersion, verify === 'none', trust])
  const known = contexts.get(key)
  if (known !== undefined) return known
  const made = createSecureContext({
    minVersion,
    ...(trust === undefined ? {} : { ca: typeof trust === 'string' ? trust : [...trust] }),
    ...(verify === 'none' ? { ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0` } : {}),
  })
  contexts.set(key, made)
  return made
}

const nameless = () =>
  Object.assign(new Error('an address has no name to prove'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })

/** The documentation says that it is an error; it is a code. */
function problemOf(error: unknown): string {
  if (typeof error === 'string') return error
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
}
