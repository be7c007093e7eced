import type { Config } from '@mairust/config'
import type { Listener } from '@mairust/mail-core/smtp'

type Role = Config['roles'][number]

/** Whether this process has a part to play; an empty list means all of them. */
export function hasRole({ roles }: Pick<Config, 'roles'>, role: Role): boolean {
  return roles.length === 0 || roles.includes(role)
}

/** The ports that the roles of this process open. */
export function listenersOf(config: Pick<Config, 'roles'>): Listener[] {
  return [
    ...(hasRole(config, 'mx') ? (['inbound'] as const) : []),
    ...(hasRole(config, 'submission') ? (['submission', 'submissions'] as const) : []),
  ]
}
