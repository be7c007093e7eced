import type { Problem } from './error.ts'
import type { Config } from './schema/index.ts'
import type { Role } from './schema/roles.ts'

interface Listener {
  readonly setting: string
  readonly host: string
  readonly port: number
}

/** The listeners that a process with this configuration opens. */
function listenersOf({ smtp, web, ops, roles }: Config): Listener[] {
  const has = (role: Role): boolean => roles.length === 0 || roles.includes(role)
  const { inbound, submission, submissions } = smtp
  const all = [
    { name: 'smtp.inbound', is: has('mx') && inbound.enabled, at: inbound },
    { name: 'smtp.submission', is: has('submission') && submission.enabled, at: submission },
    { name: 'smtp.submissions', is: has('submission') && submissions.enabled, at: submissions },
    { name: 'web', is: has('web'), at: web },
    { name: 'ops', is: true, at: ops },
  ]
  return all
    .filter(({ is, at }) => is && at.port !== 0)
    .map(({ name, at: { host, port } }) => ({ setting: `${name}.port`, host, port }))
}

const isEvery = (host: string): boolean => host === '0.0.0.0' || host === '::'

/** Listeners that would take each other's port: at a start, the second would seem to be another program. */
export function portClashes(config: Config): Problem[] {
  const listeners = listenersOf(config)
  return listeners.flatMap(({ setting, host, port }, index) => {
    const first = listeners
      .slice(0, index)
      .find((other) => other.port === port && (other.host === host || isEvery(other.host) || isEvery(host)))
    if (first === undefined) return []
    return [{ source: '', path: setting, message: `is ${port}, as is ${first.setting}; each needs a port of its own` }]
  })
}
