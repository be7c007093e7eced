import { defineTables } from './define.ts'
import { pgKit } from './kit.ts'

/** The tables on PostgreSQL; drizzle-kit reads this file. */
export const postgresTables = defineTables(pgKit)
export const {
  tenants,
  users,
  sessions,
  loginFailures,
  apiKeys,
  domains,
  dkimKeys,
  mailboxes,
  aliases,
  folders,
  idempotencyKeys,
  threads,
  awaitedHeaders,
  messages,
  tags,
  messageTags,
  journeys,
  journeyRecipients,
  journeyEvents,
  outgoing,
  deliveries,
  deliveryAttempts,
  suppressions,
  returnedMail,
  sendingCounts,
  deliverySites,
  stsPolicies,
  deliveryPauses,
  auditEntries,
  settings,
  changes,
  jobs,
} = postgresTables
