import type { Config } from '@mairust/config'
import { returnPathSettings } from '../return-paths.ts'
import type { QueueingTerms } from './outgoing.ts'

/**
 * On which terms the mail of our users is queued, by the configuration of the moment.
 * @param masterKey 32 bytes
 */
export function queueingTerms(
  config: () => Pick<Config, 'queue' | 'outbound'>,
  { masterKey, signer }: { readonly masterKey: Buffer; readonly signer: QueueingTerms['signer'] },
): QueueingTerms {
  return {
    lifetimeHours: () => config().queue.lifetime_hours,
    rateLimits: () => config().outbound.rate_limits,
    signer,
    returnPaths: () => {
      const { return_paths: paths } = config().outbound
      return paths.signed ? returnPathSettings(masterKey, paths) : null
    },
    exemptions: () => {
      const { exempt_local_parts: localParts, exempt_streams: streams } = config().outbound.suppression
      return { localParts, streams }
    },
  }
}
