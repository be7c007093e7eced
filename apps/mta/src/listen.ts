import { once } from 'node:events'
import type { AddressInfo, ListenOptions, Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A port could not be opened. The message names it and the setting that changes it. */
export class PortError extends Error {
  override readonly name = 'PortError'
}

/** A port to listen on. */
export interface WantedPort {
  readonly setting: string
  readonly host: string
  readonly port: number
  /** Aborted when the port is no longer wanted. */
  readonly ending?: AbortSignal | undefined
  /** Milliseconds to keep retrying a port in use. */
  readonly patience?: number | undefined
}

const PATIENCE = 10_000
const PAUSE = 250

/**
 * Listens; retries for ten seconds while another process, perhaps our predecessor, still holds the port.
 * @throws PortError, AbortError when `ending` is aborted first
 */
export async function listenPatiently<T>(wanted: WantedPort, listen: () => Promise<T>): Promise<T> {
  const until = performance.now() + (wanted.patience ?? PATIENCE)
  for (;;) {
    wanted.ending?.throwIfAborted()
    try {
      return await listen()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (code !== 'EADDRINUSE' || performance.now() >= until) throw portError(code, wanted, error)
      await sleep(PAUSE, undefined, { signal: wanted.ending })
    }
  }
}

/** Makes one attempt to listen; a failed one leaves nothing behind, so the same server may retry. */
export async function listenOnce(server: Server, options: ListenOptions): Promise<AddressInfo> {
  server.listen(options)
  await once(server, 'listening')
  return server.address() as AddressInfo
}

/** Turns the system's error code into what is wrong and what to do. */
export function portError(code: string, { setting, host, port }: WantedPort, cause?: unknown): PortError {
  return new PortError(explain(code, setting, host, port), { cause })
}

function explain(code: string, setting: string, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use by another program; stop it or set ${setting} to a free port`
  if (code === 'EACCES')
    return `Port ${port} on ${host} may not be opened by this user: ports below 1024 need a privilege; grant it or set ${setting} to a higher port`
  const hostSetting = setting.replace(/port$/, 'host')
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is not an address of this machine (${code}); set ${hostSetting} to one that is, or to 0.0.0.0 for all`
  return `Port ${port} on ${host} cannot be opened (${code === '' ? 'unknown reason' : code}); see ${setting}`
}
