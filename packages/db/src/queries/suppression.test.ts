import { describe, expect, it } from 'vitest'
import { createId } from '../id.ts'
import { makeScope, withDatabases } from '../testing/index.ts'
import {
  allowPass,
  askSuppressions,
  deleteSuppressions,
  findSuppression,
  listSuppressionRows,
  pruneSuppressions,
  putSuppression,
} from './suppression.ts'

const AT = new Date('2026-11-01T00:00:00Z')
const LATER = new Date('2026-11-02T00:00:00Z')

withDatabases((get) => {
  const row = (address: string, expiresAt: Date | null = null) =>
    ({
      id: createId('sup'),
      address,
      scope: 'all',
      value: '',
      reason: 'manual',
      by: 'ann@example.org',
      createdAt: AT,
      expiresAt,
    }) as const

  describe('O50 suppressions', () => {
    it('are those of one tenant', async () => {
      const { db } = get()
      const [scope, foreign] = [await makeScope(db), await makeScope(db)]
      const made = (await putSuppression(db, scope, row('bob@far.example'))).row
      const filter = { address: 'bob@far.example', domains: 'all' } as const
      expect(await listSuppressionRows(db, foreign, filter, { limit: 9 })).toEqual([])
      expect(await findSuppression(db, foreign, { ...filter, id: made.id })).toBe(null)
      expect(await deleteSuppressions(db, foreign, filter)).toEqual([])
      expect(await allowPass(db, foreign, filter, { until: LATER, by: 'eve' })).toEqual([])
      const question = { address: 'bob@far.example', domain: '', stream: '' }
      const ask = ({ tenantId }: { tenantId: string }) => askSuppressions(db, [{ ...question, tenantId }], AT)
      expect(await ask(foreign)).toEqual([null])
      expect(await ask(scope)).toEqual([{ kind: 'suppressed', row: made }])
    })

    it('are removed when they have ended, and suppress nobody before that', async () => {
      const { db } = get()
      const scope = await makeScope(db)
      const { tenantId } = scope
      await putSuppression(db, scope, row('ends@far.example', LATER))
      const stays = (await putSuppression(db, scope, row('stays@far.example'))).row
      const question = { tenantId, address: 'ends@far.example', domain: '', stream: '' }
      expect(await askSuppressions(db, [question], AT)).toMatchObject([{ kind: 'suppressed' }])
      expect(await askSuppressions(db, [question], LATER)).toEqual([null])
      await pruneSuppressions(db, LATER)
      expect(await listSuppressionRows(db, scope, { domains: 'all' }, { limit: 9 })).toEqual([stays])
    })

    it('keep since when they are when they are put again, and get the new reason', async () => {
      const { db } = get()
      const scope = await makeScope(db)
      const first = await putSuppression(db, scope, row('bob@far.example', LATER))
      const again = await putSuppression(db, scope, {
        ...row('bob@far.example'),
        reason: 'complaint',
        createdAt: LATER,
      })
      expect(again).toMatchObject({ isNew: false, row: { id: first.row.id, reason: 'complaint', expiresAt: null } })
      expect(again.row.createdAt).toEqual(AT)
    })
  })
})
