import { advanceDkimKeys, renewDkimKeys } from '@mairust/api/services'
import type { Config } from '@mairust/config'
import type { Database } from '@mairust/db'
import { findDueDkimDomains } from '@mairust/db/queries/dkim-key'
import { defineJob, every, handle, type Handler, type Timer } from '@mairust/db/queue'
import { openVault } from '@mairust/db/secrets'
import { createResolver } from '@mairust/dns'
import type { Log } from '@mairust/log'
import { z } from 'zod'

export interface DkimKeyOptions {
  readonly config: () => Pick<Config, 'dkim' | 'dns'>
  readonly database: Database
  /** 32 bytes. */
  readonly masterKey: Buffer
  readonly log: Log
}

const MINUTE = 60_000
/** How soon a record that was just published is noticed. */
const ADVANCE = 5 * MINUTE
const RENEW = 60 * MINUTE
/** Delay after the start: domains from before keys were made with them are to sign soon. */
const FIRST = 20_000

const advance = defineJob({ name: 'dkim-advance', payload: z.strictObject({}), serial: true })
const renew = defineJob({ name: 'dkim-renew', payload: z.strictObject({}), serial: true })

/** Jobs that look after the keys of all domains, and when. Each kind runs on one node at a time. */
export function dkimKeys({ config, database, masterKey, log }: DkimKeyOptions): {
  handlers: Handler[]
  timers: Timer[]
} {
  const tools = {
    db: database.db,
    changes: database.changes,
    vault: openVault(masterKey),
    now: () => new Date(),
    openResolver: () => {
      const { servers, timeout_ms: timeoutMs } = config().dns
      return createResolver({ servers, timeoutMs })
    },
  }
  const tell = (domains: number, message: string): void => {
    if (domains > 0) log.info({ domains }, message)
  }
  return {
    handlers: [
      handle(advance, async (_, { signal }) => tell(await advanceDkimKeys(tools, signal), 'DKIM keys were looked up')),
      handle(renew, async (_, { signal }) => {
        tell(await renewDkimKeys(tools, config().dkim.rotate_days, signal), 'DKIM keys were made')
      }),
    ],
    timers: [
      every(
        {
          name: 'dkim-advance',
          everyMs: ADVANCE,
          firstMs: FIRST,
          // An idle server writes nothing.
          isNeeded: async () => (await findDueDkimDomains(database.db, new Date(), 1)).length > 0,
        },
        advance,
        {},
      ),
      every({ name: 'dkim-renew', everyMs: RENEW, firstMs: FIRST }, renew, {}),
    ],
  }
}
