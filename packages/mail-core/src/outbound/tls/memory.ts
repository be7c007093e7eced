import { TLS_LEVELS, type TlsLevel } from './session.ts'

const DAY = 86_400_000
/** How long a site that cannot do TLS is not asked for it (O21). */
const CLEAR_DAYS = 3

/** What is remembered of a site's TLS. */
export interface TlsMemory {
  readonly level: TlsLevel | null
  /** Until when STARTTLS is not tried, because its handshake failed. */
  readonly clearUntil: Date | null
}

/** Nothing is known. */
export const NO_TLS_MEMORY: TlsMemory = { level: null, clearUntil: null }

/** Whether the site is not asked for TLS now. */
export function isClearRemembered({ clearUntil }: TlsMemory, now: Date): boolean {
  return clearUntil !== null && now < clearUntil
}

/** The memory after a handshake failed and mail goes in clear text. */
export function afterHandshakeFailure(memory: TlsMemory, now: Date): TlsMemory {
  return { ...memory, clearUntil: new Date(now.getTime() + CLEAR_DAYS * DAY) }
}

/** The memory after a session, and whether the site has fallen from a verified level to clear text, which is an event (O27). */
export function afterTlsSession(
  memory: TlsMemory,
  level: TlsLevel,
): { readonly memory: TlsMemory; readonly fell: boolean } {
  const fell = memory.level !== null && rank(memory.level) >= rank('verified') && level === 'clear'
  return { memory: { level, clearUntil: level === 'clear' ? memory.clearUntil : null }, fell }
}

const rank = (level: TlsLevel) => TLS_LEVELS.indexOf(level)
