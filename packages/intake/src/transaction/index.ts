export type { Destination } from './destination.ts'
export { findDestination, returnedDestination } from './find-destination.ts'
export { Journal, type Named, type Origin } from './journal.ts'
export { arrivalObjects, type Verdict } from './objects.ts'
export type { QueueingTerms, Submitted } from './outgoing.ts'
export { queueingTerms } from './queueing-terms.ts'
export { limitText, sendingLimits } from './sending-limits.ts'
export {
  abandoned,
  alikeRecipients,
  answered,
  type Ending,
  hasRecipients,
  refusalsOf,
  type Transaction,
  withDestination,
} from './transaction.ts'
