import { tenantScope } from '../queries/scope.ts'
import { asc, eq, sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { createId } from '../id.ts'
import { makeDomain, makeScope, makeTenant, makeUser, withDatabases } from '../testing/index.ts'
import { HandleError, TransactionAbortedError } from './errors.ts'
import { isForeignKeyViolation, isUniqueViolation } from '../dialect/violations.ts'

const tenant = () => ({ id: createId('tnt'), name: 'T', createdAt: new Date() })

withDatabases((get) => {
  const names = async (): Promise<string[]> => {
    const { db } = get()
    const { tenants } = db.tables
    return (await db.select({ name: tenants.name }).from(tenants).orderBy(asc(tenants.name))).map(({ name }) => name)
  }

  describe('values', () => {
    it('returns what was stored: times, booleans, JSON, numbers beyond 2³¹, null', async () => {
      const { db } = get()
      const scope = await makeScope(db)
      const at = new Date('2026-03-04T05:06:07.089Z')
      await makeUser(db, scope, { id: 'usr_values', suspended: true, createdAt: at, name: '東京 😀' })
      const { users, settings } = db.tables
      const [user] = await db.select().from(users).where(eq(users.id, 'usr_values'))
      expect(user).toMatchObject({ suspended: true, createdAt: at, name: '東京 😀', passwordHash: null })
      const value = { a: [1, 'x', null], big: 3_000_000_000 }
      await db.insert(settings).values({ tenantId: scope.tenantId, key: 'k', value, updatedAt: at })
      expect(await db.select().from(settings).where(eq(settings.key, 'k'))).toMatchObject([{ value }])
    })

    it('counts and sums as numbers', async () => {
      const { db } = get()
      expect(await db.$count(db.tables.tenants)).toBeTypeOf('number')
      const rows = await db.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(db.tables.tenants)
      expect(rows[0]?.n).toBeTypeOf('number')
    })

    it('sorts text by bytes', async () => {
      const { db } = get()
      const scope = await makeScope(db)
      const given = ['b', 'B', 'a', 'é', 'Z', '_', '東']
      for (const name of given) await makeDomain(db, scope, { name: `${name}.${scope.tenantId}` })
      const { domains } = db.tables
      const rows = await db
        .select({ name: domains.name })
        .from(domains)
        .where(eq(domains.tenantId, scope.tenantId))
        .orderBy(asc(domains.name))
      expect(rows.map(({ name }) => name[0])).toEqual(['B', 'Z', '_', 'a', 'b', 'é', '東'])
    })
  })

  describe('transactions', () => {
    it('keeps all or nothing', async () => {
      const { db } = get()
      const kept = tenant()
      const lost = tenant()
      await db.transaction((tx) => tx.insert(tx.tables.tenants).values(kept))
      const failure = new Error('no')
      await expect(
        db.transaction(async (tx) => {
          await tx.insert(tx.tables.tenants).values(lost)
          throw failure
        }),
      ).rejects.toBe(failure)
      const { tenants } = db.tables
      expect(await db.$count(tenants, eq(tenants.id, kept.id))).toBe(1)
      expect(await db.$count(tenants, eq(tenants.id, lost.id))).toBe(0)
    })

    it('fails as a whole when a statement fails, even if the error is caught', async () => {
      const { db } = get()
      const row = tenant()
      const attempt = db.transaction(async (tx) => {
        await tx.insert(tx.tables.tenants).values(row)
        await tx
          .insert(tx.tables.tenants)
          .values(row)
          .catch(() => undefined)
      })
      await expect(attempt).rejects.toThrow(TransactionAbortedError)
      const { tenants } = db.tables
      expect(await db.$count(tenants, eq(tenants.id, row.id))).toBe(0)
    })

    it('refuses the outer handle inside a transaction, for reading and writing', async () => {
      const { db } = get()
      await db.transaction(async (tx) => {
        await expect(db.select().from(db.tables.tenants)).rejects.toThrow(HandleError)
        await expect(db.insert(db.tables.tenants).values(tenant())).rejects.toThrow(HandleError)
        await expect(db.transaction(() => Promise.resolve())).rejects.toThrow(HandleError)
        expect(await tx.$count(tx.tables.tenants)).toBeGreaterThan(0)
      })
    })

    it('does not nest, and goes on after the attempt', async () => {
      const { db } = get()
      const { tenants } = db.tables
      const row = tenant()
      const nested = vi.fn(() => Promise.resolve())
      await db.transaction(async (tx) => {
        await expect(tx.transaction(nested)).rejects.toThrow(HandleError)
        await tx.insert(tenants).values(row)
      })
      expect(nested).not.toHaveBeenCalled()
      expect(await db.$count(tenants, eq(tenants.id, row.id))).toBe(1)
    })

    it('refuses a handle whose transaction is over', async () => {
      const { db } = get()
      const handle = await db.transaction((tx) => Promise.resolve(() => tx.select().from(tx.tables.tenants)))
      await expect(handle()).rejects.toThrow(HandleError)
    })

    it('runs many at once, half of them rolled back, alongside reads and writes', async () => {
      const { db } = get()
      const { tenants } = db.tables
      const prefix = createId('tnt')
      const work = Array.from({ length: 20 }, async (_, at) => {
        const undone = db
          .transaction(async (tx) => {
            await tx.insert(tx.tables.tenants).values({ ...tenant(), name: `${prefix} ${at}` })
            if (at % 2 === 1) throw new Error('odd')
          })
          .catch(() => undefined)
        await Promise.all([
          undone,
          db.insert(tenants).values({ ...tenant(), name: `${prefix} outside ${at}` }),
          db.select().from(tenants).limit(1),
        ])
      })
      await Promise.all(work)
      expect((await names()).filter((name) => name.startsWith(prefix))).toHaveLength(10 + 20)
    })

    it('reads what is committed while another transaction is open', async () => {
      const { db } = get()
      const row = tenant()
      const { tenants } = db.tables
      const inside: PromiseWithResolvers<void> = Promise.withResolvers()
      const finish: PromiseWithResolvers<void> = Promise.withResolvers()
      const running = db.transaction(async (tx) => {
        await tx.insert(tx.tables.tenants).values(row)
        inside.resolve()
        await finish.promise
      })
      await inside.promise
      expect(await db.$count(tenants, eq(tenants.id, row.id))).toBe(0)
      finish.resolve()
      await running
      expect(await db.$count(tenants, eq(tenants.id, row.id))).toBe(1)
    })
  })

  describe('errors', () => {
    it('identifies a unique violation by its index', async () => {
      const { db } = get()
      const scope = await makeScope(db)
      const domain = await makeDomain(db, scope)
      // Another tenant, for which only this index makes the name taken.
      const other = { tenantId: (await makeTenant(db)).id }
      const error: unknown = await makeDomain(db, tenantScope(other.tenantId), { name: domain.name }).catch(
        (failure: unknown) => failure,
      )
      expect(isUniqueViolation(error)).toBe(true)
      expect(isUniqueViolation(error, 'domains_name_key')).toBe(true)
      expect(isUniqueViolation(error, 'domains_pk')).toBe(false)
      expect(isForeignKeyViolation(error)).toBe(false)
      const same: unknown = await makeDomain(db, scope, { id: domain.id }).catch((failure: unknown) => failure)
      expect(isUniqueViolation(same, 'domains_pk')).toBe(true)
      expect(isUniqueViolation(new TransactionAbortedError('x', { cause: error }), 'domains_name_key')).toBe(true)
    })

    it('recognises a reference to a missing row or to another tenant', async () => {
      const { db } = get()
      const mine = { tenantId: (await makeTenant(db)).id }
      const other = { tenantId: (await makeTenant(db)).id }
      const foreign = await makeDomain(db, tenantScope(other.tenantId))
      for (const aliasOfId of ['dom_nothing', foreign.id]) {
        const error: unknown = await makeDomain(db, tenantScope(mine.tenantId), { aliasOfId }).catch(
          (failure: unknown) => failure,
        )
        expect(isForeignKeyViolation(error)).toBe(true)
        expect(isUniqueViolation(error)).toBe(false)
      }
    })

    it('does not repeat the values of a statement', async () => {
      const { db } = get()
      const scope = await makeScope(db)
      const error: unknown = await makeUser(db, scope, {
        id: 'usr_twice',
        passwordHash: 'secret-hash',
      })
        .then(() => makeUser(db, scope, { id: 'usr_twice', passwordHash: 'secret-hash' }))
        .catch((failure: unknown) => failure)
      expect(error).toBeInstanceOf(Error)
      expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain('secret-hash')
    })
  })

  it('reports that it is ready', async () => {
    await get().ready()
  })
})
