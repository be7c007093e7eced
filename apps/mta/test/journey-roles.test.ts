import { tenantTopic } from '@mairust/db'
import { makeAlias, makeMailbox, makeUser, withDatabases } from '@mairust/db/testing'
import { updateUserRow, type UserRow } from '@mairust/db/queries/user'
import { beforeAll, describe, expect, it } from 'vitest'
import { eventually, journeyIn, makeMessage } from './support/server.ts'
import { useServerOn } from './support/suite.ts'

withDatabases((database) => {
  const { server, world } = useServerOn(database)
  const at = (local: string): string => `${local}@${world().domain.name}`
  let boss: UserRow

  beforeAll(async () => {
    const { db } = database()
    const { scope, domain, address } = world()
    boss = await makeUser(db, scope, { role: 'super_admin', email: at('chief') })
    const box = (local: string, values: Parameters<typeof makeMailbox>[2] = {}) =>
      makeMailbox(db, scope, { domainId: domain.id, userId: boss.id, address: at(local), ...values })
    await box('boss')
    await box('small', { quotaBytes: 2000 })
    await box('full', { quotaBytes: 0 })
    await box('asleep', { status: 'suspended' })
    const alias = (local: string, targets: string[], enabled = true) =>
      makeAlias(db, scope, { domainId: domain.id, address: at(local), targets, enabled })
    await alias('team', [address, at('boss')])
    await alias('outer', [at('team')])
    await alias('closed', [at('boss')], false)
    await alias('abroad', [at('boss'), 'x@elsewhere.example'])
  })

  /** The remembered role of each recipient of a journey, once it is recorded. */
  const rolesOf = (reply: string) =>
    eventually(async () => {
      const { journeyRecipients: r } = database().db.tables
      const rows = (await database().db.select().from(r)).filter(({ journeyId }) => journeyId === journeyIn(reply))
      return rows.length > 0 && Object.fromEntries(rows.map(({ address, ownerRole }) => [address, ownerRole]))
    })
  const delivered = async (to: string | string[], body?: string) => {
    const client = await server().client()
    const reply = await client.send(to, makeMessage('Hello', body))
    client.destroy()
    return { reply, roles: await rolesOf(reply) }
  }
  /** A transaction that ends after RCPT. */
  const tried = async (argument: string, options = '') => {
    const client = await server().client()
    await client.command('EHLO x')
    await client.command(`MAIL FROM:<a@remote.example>${options}`)
    // It names the journey, as the accepted recipient’s reply does not.
    const named = await client.command(`RCPT TO:<nobody@${world().domain.name}>`)
    await client.command(`RCPT TO:${argument}`)
    await client.command('QUIT')
    const { [at('nobody')]: nobodys, ...others } = await rolesOf(named)
    expect(nobodys).toBeNull()
    return others
  }

  describe('a journey remembers the highest role of those whose mail it was', () => {
    it.each(['boss', 'boss+bank', 'team', 'outer+tag'])('delivered to %s', async (local) => {
      const { reply, roles } = await delivered(at(local))
      expect(reply).toMatch(/^250 /)
      expect(roles).toEqual({ [at(local)]: 'super_admin' })
    })

    it('for each recipient', async () => {
      const { roles } = await delivered([world().address, at('boss')])
      expect(roles).toEqual({ [world().address]: 'user', [at('boss')]: 'super_admin' })
    })

    it('refused because the message is larger than the mailbox', async () => {
      const { reply, roles } = await delivered(at('small+tag'), `${'x'.repeat(60)}\r\n`.repeat(50))
      expect(reply).toMatch(/^552 /)
      expect(roles).toEqual({ [at('small+tag')]: 'super_admin' })
    })

    it.each(['full+tag', 'asleep+tag', 'closed', 'abroad', 'boss+tag'])(
      'refused at RCPT or aborted: %s',
      async (local) => {
        expect(await tried(`<${at(local)}>`)).toEqual({ [at(local)]: 'super_admin' })
      },
    )

    it('refused for its announced size', async () => {
      expect(await tried(`<${at('small')}>`, ' SIZE=5000')).toEqual({ [at('small')]: 'super_admin' })
    })

    it('refused before it was looked up', async () => {
      expect(await tried(`<${at('boss+tag')}> FOO=bar`)).toEqual({ [at('boss+tag')]: 'super_admin' })
    })

    it('as it is after a change of role in another process', async () => {
      const { db, changes } = database()
      const box = at('changed')
      const user = await makeUser(db, world().scope, { email: box })
      await makeMailbox(db, world().scope, { domainId: world().domain.id, userId: user.id, address: box })
      expect((await delivered(box)).roles).toEqual({ [box]: 'user' })
      await db.transaction(async (tx) => {
        await updateUserRow(tx, world().scope, user.id, { role: 'super_admin', updatedAt: new Date() })
        await changes.publish(tx, tenantTopic('users', world().scope.tenantId))
      })
      await eventually(async () => (await delivered(box)).roles[box] === 'super_admin')
    })
  })
})
