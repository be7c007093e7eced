import { createId } from '@mairust/db'
import type { JourneyInput } from '@mairust/db/queries/accept'

/** What brought a message into a mailbox without SMTP. */
export interface InternalStep {
  readonly tenantId: string
  /** The mailbox's. */
  readonly address: string
  /** Who wrote it; '' when unknown. */
  readonly sender: string
  readonly startedAt: Date
  /** What was done, as the step is called: `import`, for example. */
  readonly name: string
  /** By whom or how. */
  readonly detail: string
  readonly reply: string
}

/** The journey of a message that had no SMTP session: a trace should still show where it came from. */
export function internalJourney({
  tenantId,
  address,
  sender,
  startedAt,
  name,
  detail,
  reply,
}: InternalStep): JourneyInput {
  return {
    id: createId('jrn'),
    tenantId,
    direction: 'internal',
    status: 'accepted',
    sender,
    remoteAddress: '',
    helo: '',
    reply,
    steps: [{ at: startedAt.toISOString(), ms: 0, kind: 'store', name, result: 'ok', detail, recipient: null }],
    startedAt,
    recipients: [{ tenantId, address, status: 'accepted', reply }],
  }
}
