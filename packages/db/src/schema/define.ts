import { defineAliases } from './alias.ts'
import { defineApiKeys } from './api-key.ts'
import { defineAuditEntries } from './audit.ts'
import { defineDeliveries, defineDeliveryAttempts, defineOutgoing } from './delivery.ts'
import { defineDkimKeys } from './dkim-key.ts'
import { defineDeliveryPauses, defineDeliverySites, defineStsPolicies } from './delivery-site.ts'
import { defineDomains } from './domain.ts'
import { defineFolders } from './folder.ts'
import { defineIdempotencyKeys } from './idempotency.ts'
import { defineJobs } from './job.ts'
import { defineJourneyEvents, defineJourneyRecipients, defineJourneys } from './journey.ts'
import type { Kit } from './kit.ts'
import { defineMailboxes } from './mailbox.ts'
import { defineMessages } from './message.ts'
import { defineReturnedMail } from './returned-mail.ts'
import { defineSendingCounts } from './sending-count.ts'
import { defineLoginFailures, defineSessions } from './session.ts'
import { defineChanges, defineSettings } from './setting.ts'
import { defineSuppressions } from './suppression.ts'
import { defineMessageTags, defineTags } from './tag.ts'
import { defineTenants } from './tenant.ts'
import { defineAwaitedHeaders, defineThreads } from './thread.ts'
import { defineUsers } from './user.ts'

/** Every table, built from one kit. A new entity adds a file, and a line here. */
export const defineTables = (c: Kit) => {
  const tenants = defineTenants(c)
  const users = defineUsers(c, { tenants })
  const sessions = defineSessions(c, { users })
  const loginFailures = defineLoginFailures(c)
  const apiKeys = defineApiKeys(c, { users })
  const domains = defineDomains(c, { tenants })
  const dkimKeys = defineDkimKeys(c, { domains })
  const mailboxes = defineMailboxes(c, { domains, users })
  const aliases = defineAliases(c, { domains })
  const folders = defineFolders(c, { mailboxes })
  const threads = defineThreads(c, { mailboxes })
  const awaitedHeaders = defineAwaitedHeaders(c, { threads })
  const messages = defineMessages(c, { mailboxes, folders, threads })
  const tags = defineTags(c, { tenants })
  const messageTags = defineMessageTags(c, { messages, tags })
  const journeys = defineJourneys(c, { tenants })
  const journeyRecipients = defineJourneyRecipients(c, { journeys })
  const journeyEvents = defineJourneyEvents(c, { journeys })
  const outgoing = defineOutgoing(c, { tenants })
  const deliveries = defineDeliveries(c, { outgoing })
  const deliveryAttempts = defineDeliveryAttempts(c, { deliveries })
  const suppressions = defineSuppressions(c, { tenants })
  const returnedMail = defineReturnedMail(c, { tenants })
  const sendingCounts = defineSendingCounts(c, { tenants })
  const deliverySites = defineDeliverySites(c)
  const stsPolicies = defineStsPolicies(c)
  const deliveryPauses = defineDeliveryPauses(c)
  const auditEntries = defineAuditEntries(c, { tenants })
  const idempotencyKeys = defineIdempotencyKeys(c, { tenants })
  const settings = defineSettings(c, { tenants })
  const changes = defineChanges(c)
  const jobs = defineJobs(c)
  return {
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
    idempotencyKeys,
    settings,
    changes,
    jobs,
  }
}

/** The tables of the open database; their types are PostgreSQL's. */
export type Tables = ReturnType<typeof defineTables>
