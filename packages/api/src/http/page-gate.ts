import type { Runtime } from '../context.ts'
import type { AppError } from '../errors.ts'
import type { RequestInfo } from './client.ts'
import type { Limits } from './limits.ts'
import { newRequestId, openRequest } from './open-request.ts'

/** Makes what counts each page as one request, whatever it asks of the API: it answers why the page is refused, or null. */
export const createPageGate =
  ({ runtime, limits }: { runtime: Runtime; limits: Limits }) =>
  async (request: Request, info?: RequestInfo): Promise<AppError | null> => {
    const { actor, ip } = await openRequest(runtime, request, info, newRequestId())
    return (await limits.take({ actor, ip, calls: 1, writes: 0, logins: 0 })).error
  }
