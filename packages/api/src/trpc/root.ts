import { accountRouter } from '../routers/account.ts'
import { aliases } from '../routers/aliases.ts'
import { apiKeys } from '../routers/api-keys.ts'
import { auditRouter } from '../routers/audit.ts'
import { authRouter } from '../routers/auth.ts'
import { domains } from '../routers/domains.ts'
import { drafts } from '../routers/drafts.ts'
import { folders } from '../routers/folders.ts'
import { healthRouter } from '../routers/health.ts'
import { journeys } from '../routers/journeys.ts'
import { mailboxes } from '../routers/mailboxes.ts'
import { messages } from '../routers/messages.ts'
import { queueRouter } from '../routers/queue.ts'
import { sendRouter } from '../routers/send.ts'
import { settings } from '../routers/settings.ts'
import { setupRouter } from '../routers/setup.ts'
import { suppressions } from '../routers/suppressions.ts'
import { tags } from '../routers/tags.ts'
import { threads } from '../routers/threads.ts'
import { users } from '../routers/users.ts'
import { t } from './init.ts'

/** All routers. REST publishes the procedures that have `openapi` in their meta. */
export const appRouter = t.router({
  account: accountRouter,
  aliases,
  apiKeys,
  audit: auditRouter,
  auth: authRouter,
  domains,
  drafts,
  folders,
  health: healthRouter,
  journeys,
  mailboxes,
  messages,
  queue: queueRouter,
  send: sendRouter,
  settings,
  setup: setupRouter,
  suppressions,
  tags,
  threads,
  users,
})

export type AppRouter = typeof appRouter
