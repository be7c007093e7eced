import { rawRoutes } from '../rest/raw-routes.ts'
import { routesOf } from '../rest/routes.ts'
import { appRouter } from '../trpc/root.ts'

/** A REST operation and the permission it requires. */
export interface Operation {
  name: string
  method: string
  pattern: string
  permission: string
}

/** Every REST operation that needs a login. */
export const guarded: Operation[] = [
  ...routesOf(appRouter).map(({ procedure, method, pattern, meta }) => ({
    name: procedure,
    method,
    pattern,
    permission: meta.permission ?? '',
  })),
  ...rawRoutes.map(({ method, pattern, verb }) => ({
    name: `${method} ${pattern}`,
    method,
    pattern,
    permission: verb.permission,
  })),
].filter(({ permission }) => permission !== 'public')
