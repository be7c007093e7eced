import { setTimeout as sleep } from 'node:timers/promises'

/** A port could not be had. The message says which, and which setting gives another. */
export class PortError extends Error {
  override readonly name = 'PortError'
}

const PATIENCE = 10_000
const PAUSE = 250

/**
 * Listens, and tries again for ten seconds while another process, perhaps our predecessor, still holds the port.
 * @throws PortError
 */
export async function listenPatiently<T>(
  setting: string,
  host: string,
  port: number,
  listen: () => Promise<T>,
  patience = PATIENCE,
): Promise<T> {
  const until = performance.now() + patience
  for (;;) {
    try {
      return await listen()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (code !== 'EADDRINUSE' || performance.now() >= until)
        throw new PortError(explain(code, setting, host, port), { cause: error })
      await sleep(PAUSE)
    }
  }
}

function explain(code: string, setting: string, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken by another program; end it or set ${setting} to a free port`
  if (code === 'EACCES')
    return `Port ${port} on ${host} may not be opened by this user; ports below 1024 need a privilege. Set ${setting} to a higher one`
  return `Port ${port} on ${host} cannot be opened (${code === '' ? 'unknown reason' : code}); see ${setting}`
}
