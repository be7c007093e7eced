import { defineTables } from './define.ts'
import { sqliteKit } from './kit.ts'

/** The tables on SQLite; drizzle-kit reads this file. */
export const sqliteTables = defineTables(sqliteKit)
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
} = sqliteTables
