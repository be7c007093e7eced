import type { Db } from '@mairust/db'
import type { Actor } from '../access/index.ts'
import type { ChangeWitness, Runtime } from '../context.ts'

/** Context of one tRPC or REST request, before it is known whether an actor is needed. */
export interface RequestContext {
  readonly runtime: Runtime
  readonly requestId: string
  readonly ip: string
  readonly userAgent: string
  /** Who asks; null without a valid session or key. */
  readonly actor: Actor | null
  /** Why a key that was sent is not valid; null when none was, or it is. */
  readonly problem: string | null
  /** Refuses, at the beginning of each change, who lost meanwhile what they were let in with. */
  readonly requireStanding: (tx: Db) => Promise<void>
  /** Cookies to be set on the answer. */
  readonly setCookies: string[]
  /** What else the answer's header says. */
  readonly reply: Headers
  /** The Idempotency-Key as it came; null without one. */
  readonly idempotencyKey: string | null
  /** Looks at every change that the request makes. */
  readonly witness?: ChangeWitness | undefined
}
