import type { Runtime } from '../context.ts'
import type { AppError } from '../errors.ts'
import { callerOf } from './caller.ts'
import type { RequestInfo } from './client.ts'
import type { Limits } from './limits.ts'
import { newRequestId, openRequest } from './open-request.ts'

/** Who asks for a page, by user or address, and why it is refused, or null. */
export type PageCaller = { name: string; isAnonymous: boolean; error: AppError | null }

/** Makes the check that counts each page as one request, whatever it calls of the API. */
export const createPageGate =
  ({ runtime, limits }: { runtime: Runtime; limits: Limits }) =>
  async (request: Request, info?: RequestInfo): Promise<PageCaller> => {
    const { actor, credential, ip } = await openRequest(runtime, request, info, newRequestId())
    const { error } = await limits.take({ actor, credential, ip, calls: 1, writes: 0, logins: 0 })
    // Pages are for sessions: with a key they look as without a login.
    const { user, tenant } = callerOf(actor !== null && actor.sessionId !== null ? actor : null, ip)
    return { name: user, isAnonymous: tenant === null, error }
  }
