import { tenantScope } from '@mairust/db/queries/scope'
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Db } from '@mairust/db'
import { deleteSetting, findSetting, putSetting } from '@mairust/db/queries/setting'
import { findOldestUser } from '@mairust/db/queries/user'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import type { Runtime } from '../../context.ts'
import { job } from '../../verb/index.ts'

const SYSTEM = tenantScope(SYSTEM_TENANT)
const KEY = 'setup_token_sha256'

const hash = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Whether the installation still has no administrator. */
export const isSetupNeeded = async (db: Db): Promise<boolean> => (await findOldestUser(db, 'super_admin')) === null

/** Makes the one-time token of the setup link, which replaces the one before it. Null if there is an administrator already. */
export const issueSetupToken = job({
  audit: { none: 'every start makes one, and using it leaves an entry' },
  run: async ({ db, now }: Pick<Runtime, 'db' | 'now'>): Promise<string | null> => {
    const token = randomBytes(32).toString('base64url')
    return db.transaction(async (tx) => {
      if (!(await isSetupNeeded(tx))) {
        await deleteSetting(tx, SYSTEM, KEY)
        return null
      }
      await putSetting(tx, SYSTEM, { key: KEY, value: hash(token), updatedAt: now() })
      return token
    })
  },
})

/** Whether this is the token from the last start. */
export const isSetupToken = async (db: Db, token: string): Promise<boolean> => {
  const stored = await findSetting(db, SYSTEM, KEY)
  if (typeof stored !== 'string') return false
  const given = Buffer.from(hash(token))
  const wanted = Buffer.from(stored)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** Invalidates the token. */
export const endSetupToken = async (tx: Db): Promise<void> => {
  await deleteSetting(tx, SYSTEM, KEY)
}
