import { createHash } from 'node:crypto'
import type { StsMode } from '../outbound/mta-sts/policy.ts'

/** Seconds for which a policy is kept: a week, but a day while it is tried out (RFC 8461 §3.2 allows a year). */
const MAX_AGE = { enforce: 604_800, testing: 86_400, none: 86_400 } as const satisfies Record<StsMode, number>
/** RFC 8461 §3.1: at most 32 letters and digits. */
const ID_LENGTH = 20

/** The MTA-STS policy of a domain that receives its mail at `hostname` (RFC 8461 §3.2). */
export function mtaStsPolicy(mode: StsMode, hostname: string): string {
  const lines = ['version: STSv1', `mode: ${mode}`, `mx: ${hostname}`, `max_age: ${MAX_AGE[mode]}`]
  return lines.map((line) => `${line}\r\n`).join('')
}

/** The id of a policy for its record: another one for each text, so that senders notice a change (RFC 8461 §3.1). */
export function mtaStsId(policy: string): string {
  return createHash('sha256').update(policy).digest('hex').slice(0, ID_LENGTH)
}
