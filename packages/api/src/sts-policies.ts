import { createKeptAnswers, everyTenant } from '@mairust/db'
import { findActiveDomain } from '@mairust/db/queries/domain'
import { mtaStsPolicy } from '@mairust/mail-core/dns-records'
import type { Runtime } from './context.ts'

/** The MTA-STS policies of our domains. */
export interface StsPolicies {
  /** The text of a domain's policy; null when it is not an active domain of ours. */
  find: (domain: string) => Promise<string | null>
  close: () => void
}

/** Anybody may ask for any name. */
const MAX_KEPT = 5000

/** Makes the policies, which are kept until a domain changes. */
export const createStsPolicies = ({ db, changes, config }: Pick<Runtime, 'db' | 'changes' | 'config'>): StsPolicies => {
  const kept = createKeptAnswers<string | null>({ max: MAX_KEPT })
  const close = changes.subscribe(everyTenant('domains'), () => kept.clear())
  const read = async (domain: string): Promise<string | null> => {
    const found = await findActiveDomain(db, domain)
    return found === null ? null : mtaStsPolicy(found.mtaSts ?? config.mta_sts.mode, config.server.hostname)
  }
  return { find: (domain) => kept.get(domain, () => read(domain)), close }
}
