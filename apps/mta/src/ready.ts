import type { Config } from '@mairust/config'
import type { OpenListener } from './smtp/listener.ts'

export interface ReadyFacts {
  readonly config: Config
  /** null when this process runs no web application. */
  readonly webPort: number | null
  readonly listeners: readonly Pick<OpenListener, 'listener' | 'host' | 'port'>[]
  readonly opsPort: number
  /** null when there is an administrator already. */
  readonly setupToken: string | null
}

const LABELS = { inbound: 'smtp', submission: 'submission', submissions: 'submissions' }

/** What the program says on stderr when everything listens: one line each (contract, "Commands"). */
export function readyLines({ config, webPort, listeners, opsPort, setupToken }: ReadyFacts): string[] {
  const url = config.web.port === 0 && webPort !== null ? `http://localhost:${webPort}` : config.server.public_url
  return [
    'MaiRust is ready',
    ...(webPort === null ? [] : [`web ${url}`]),
    ...listeners.map(({ listener, host, port }) => `${LABELS[listener]} ${hostPort(host, port)}`),
    `ops ${hostPort(config.ops.host, opsPort)}`,
    ...(setupToken === null ? [] : [`setup ${url}/setup?token=${setupToken}`]),
  ]
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
