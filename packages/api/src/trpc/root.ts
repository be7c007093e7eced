import { domains } from '../routers/domains.ts'
import { t } from './init.ts'

/** Every router, a line each. REST publishes the procedures that carry `openapi`. */
export const appRouter = t.router({
  domains,
})

export type AppRouter = typeof appRouter
