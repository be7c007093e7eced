import type { Db } from '@mairust/db'
import type { Actor } from '../access/index.ts'
import type { ChangeWitness, Runtime } from '../context.ts'

/** The context of a tRPC or REST request, before it is known whether it needs an actor. */
export interface RequestContext {
  readonly runtime: Runtime
  readonly requestId: string
  readonly ip: string
  readonly userAgent: string
  /** Who makes the request; null without a valid session or key. */
  readonly actor: Actor | null
  /** What names the actor, valid or not (`credentialOf`). */
  readonly credential: string | null
  /** Why the API key of the request is not valid; null if it is, or there is none. */
  readonly problem: string | null
  /** Checks at the start of each transaction that the actor still has its permissions. */
  readonly requireStanding: (tx: Db) => Promise<void>
  /** Cookies to set with the answer. */
  readonly setCookies: string[]
  /** Further header fields for the answer. */
  readonly reply: Headers
  /** The Idempotency-Key as received, or null. */
  readonly idempotencyKey: string | null
  /** Runs the work of one call when it is its caller's turn; without it, at once. */
  readonly inTurn?: (<Result>(work: () => Promise<Result>) => Promise<Result>) | undefined
  /** Takes the answer to one call, and returns what goes on in its place; without it, the answer itself. */
  readonly keep?: ((answer: unknown) => unknown) | undefined
  /** Inspects every change that the request makes. */
  readonly witness?: ChangeWitness | undefined
}
