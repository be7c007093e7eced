import type { JourneyRow, JourneyScope } from '@mairust/db/queries/journey'
import { wireTime } from '../../wire/index.ts'
import type { JourneyWire } from './schemas.ts'

/**
 * The one place where a journey's row becomes its wire form. Who sees only their own journeys, and did not send this one, does not
 * learn who else got the message: other recipients, and the steps that name them, are left out.
 */
export const toJourneyWire = (row: JourneyRow, { only }: Pick<JourneyScope, 'only'>): JourneyWire => {
  const hidden = hiddenRecipients(row, only)
  return {
    id: row.id,
    direction: row.direction,
    status: row.status,
    from: row.sender,
    to: row.recipients.filter((address) => !hidden.has(address)),
    started_at: wireTime(row.startedAt),
    remote_address: row.remoteAddress,
    helo: row.helo,
    reply: row.reply,
    steps: row.steps.filter((step) => !names(`${step.name} ${step.detail}`, hidden)),
  }
}

/** The recipients of a journey that a caller is not shown. */
export const hiddenRecipients = (row: JourneyRow, only: JourneyScope['only']): ReadonlySet<string> => {
  if (only === 'all' || only.addresses.includes(row.sender)) return new Set()
  return new Set(row.recipients.filter((address) => !only.addresses.includes(address)))
}

const names = (text: string, addresses: ReadonlySet<string>): boolean => {
  if (addresses.size === 0) return false
  const lower = text.toLowerCase()
  return [...addresses].some((address) => lower.includes(address.toLowerCase()))
}
