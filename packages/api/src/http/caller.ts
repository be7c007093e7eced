import { clientKey } from '@mairust/mail-core/inbound'
import type { Actor } from '../access/index.ts'

/** Who asks. What is held is counted, and turns are taken, by these names. */
export interface Caller {
  /** The user, whose keys and sessions count together; the address of who has not signed in. */
  user: string
  /** Null for who has not signed in. */
  tenant: string | null
  /**
   * Each session has a name of its own, and all keys of the user another: who has a key of a user, and sends or reads nothing, must not
   * stop the user from signing out or revoking it.
   */
  session: string
}

/** What names an actor. */
export type Named = Pick<Actor, 'tenantId' | 'userId' | 'sessionId' | 'id' | 'name'>

/** Names who asks. */
export const callerOf = (actor: Named | null, ip: string): Caller => {
  if (actor === null) return { user: clientKey(ip), tenant: null, session: clientKey(ip) }
  const { tenantId, userId, sessionId, id, name } = actor
  const user = `${tenantId} ${userId ?? id ?? name}`
  return { user, tenant: tenantId, session: sessionId === null ? user : `${user} ${sessionId}` }
}
