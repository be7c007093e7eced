import type { Db } from '@mairust/db'
import type { AttemptOutcome } from '@mairust/db/queries/delivery-settle'
import { type CauseTerms, suppressFailed } from '@mairust/db/queries/suppression-cause'

/** Suppresses those whose servers have refused them for good, in the transaction that writes it down (O50). */
export async function suppressRefused(tx: Db, counted: readonly AttemptOutcome[], terms: CauseTerms): Promise<void> {
  const failed = counted.flatMap(({ result, claimed: { delivery, outgoing }, reason, reply }) =>
    result === 'bounced' ? [{ ...delivery, journeyId: outgoing.journeyId, reason, reply }] : [],
  )
  await suppressFailed(tx, failed, terms)
}
