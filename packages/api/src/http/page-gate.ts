import type { Runtime } from '../context.ts'
import type { AppError } from '../errors.ts'
import type { RequestInfo } from './client.ts'
import type { Limits } from './limits.ts'
import { newRequestId, openRequest } from './open-request.ts'

/** Makes the check that counts each page as one request, whatever it calls of the API. It returns why a page is refused, or null. */
export const createPageGate =
  ({ runtime, limits }: { runtime: Runtime; limits: Limits }) =>
  async (request: Request, info?: RequestInfo): Promise<AppError | null> => {
    const { actor, ip } = await openRequest(runtime, request, info, newRequestId())
    return (await limits.take({ actor, ip, calls: 1, writes: 0, logins: 0 })).error
  }
