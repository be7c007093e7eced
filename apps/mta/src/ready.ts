import type { Config } from '@mairust/config'
import type { Address } from './roles.ts'

export interface ReadyFacts {
  readonly config: Pick<Config, 'web' | 'server' | 'ops'>
  /** Where the parts of this process listen. */
  readonly addresses: readonly Address[]
  readonly opsPort: number
  /** null when there is an administrator. */
  readonly setupToken: string | null
}

/** The lines printed to stderr once everything listens (contract, "Commands"). */
export function readyLines({ config, addresses, opsPort, setupToken }: ReadyFacts): string[] {
  const web = addresses.find(({ label }) => label === 'web')
  const url = config.web.port === 0 && web !== undefined ? `http://localhost:${web.port}` : config.server.public_url
  return [
    'MaiRust is ready',
    ...addresses.map(({ label, host, port }) => (label === 'web' ? `web ${url}` : `${label} ${hostPort(host, port)}`)),
    `ops ${hostPort(config.ops.host, opsPort)}`,
    ...(setupToken === null ? [] : [`setup ${url}/setup?token=${setupToken}`]),
  ]
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
