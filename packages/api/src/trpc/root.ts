import { domains } from '../routers/domains.ts'
import { folders } from '../routers/folders.ts'
import { journeys } from '../routers/journeys.ts'
import { messages } from '../routers/messages.ts'
import { tags } from '../routers/tags.ts'
import { threads } from '../routers/threads.ts'
import { t } from './init.ts'

/** Every router, a line each. REST publishes the procedures that carry `openapi`. */
export const appRouter = t.router({
  domains,
  folders,
  journeys,
  messages,
  tags,
  threads,
})

export type AppRouter = typeof appRouter
