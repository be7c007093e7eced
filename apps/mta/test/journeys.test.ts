import { DatabaseUnavailableError } from '@mairust/db'
import { makeAlias, makeMailbox, withDatabases } from '@mairust/db/testing'
import { describe, expect, it, vi } from 'vitest'
import { eventually, journeyIn, journeysOf, makeMessage } from './support/server.ts'
import { useServerOn } from './support/suite.ts'

withDatabases((database) => {
  const { server, world } = useServerOn(database)

  /** The journey with this id, once it exists. */
  const journeyOf = async (id: string) => {
    const [found] = await eventually(async () => {
      const rows = await journeysOf(database(), id)
      return rows.length > 0 && rows
    })
    if (found === undefined) throw new Error('no journey')
    return found
  }
  const refused = async () => {
    const client = await server().client()
    await client.command('EHLO x')
    await client.command('MAIL FROM:<a@remote.example>')
    const reply = await client.command(`RCPT TO:<nobody@${world().domain.name}>`)
    return { client, reply }
  }

  describe('the end of a transaction', () => {
    it('is recorded as refused, not aborted, after a 550 and a QUIT', async () => {
      const { client, reply } = await refused()
      await client.command('QUIT')
      const { steps, ...journey } = await journeyOf(journeyIn(reply))
      expect(journey).toMatchObject({ status: 'refused', reply })
      expect(steps.at(-1)).toMatchObject({ kind: 'end', result: 'refused', detail: 'the client ended the session' })
    })

    it('tells a reset session from a lost connection', async () => {
      const first = await refused()
      const second = await first.client.command('RSET').then(async () => {
        await first.client.command('MAIL FROM:<a@remote.example>')
        return first.client.command(`RCPT TO:<nobody@${world().domain.name}>`)
      })
      first.client.destroy()
      const ends = await Promise.all([first.reply, second].map((reply) => journeyOf(journeyIn(reply))))
      expect(ends.map(({ steps }) => steps.at(-1)?.detail)).toEqual([
        'the client reset the session',
        'the connection was lost',
      ])
    })

    it('is recorded as deferred when we end it', async () => {
      const client = await server().client()
      await client.upToData(world().address)
      const { journeys } = database().db.tables
      server().advance(31 * 60_000)
      const row = await eventually(async () => {
        const rows = await database().db.select().from(journeys)
        return rows.find(({ reply }) => reply.startsWith('421')) ?? false
      })
      expect(row).toMatchObject({ status: 'deferred', recipients: [world().address] })
      client.destroy()
    })
  })

  describe('journey steps', () => {
    it('are in order, and name their recipients', async () => {
      const client = await server().client()
      const id = journeyIn(await client.send(world().address, makeMessage()))
      const { steps } = await journeyOf(id)
      expect(steps.map(({ kind, recipient }) => [kind, recipient])).toEqual([
        ['connect', null],
        ['mail', null],
        ['rcpt', world().address],
        ['data', null],
        ...['spf', 'dkim', 'dmarc', 'arc'].map(() => ['authentication', null]),
        ['authentication', `@${world().domain.name}`],
        ['store', null],
        ['end', null],
      ])
      client.destroy()
    })

    it('name each target of an alias that gets nothing, and why', async () => {
      const { db } = database()
      const { scope, domain, address } = world()
      const at = (name: string): string => `${name}@${domain.name}`
      await makeMailbox(db, scope, { domainId: domain.id, address: at('asleep'), status: 'suspended' })
      await makeAlias(db, scope, { domainId: domain.id, address: at('off'), targets: [address], enabled: false })
      const targets = [address, at('off'), at('nobody'), at('asleep')]
      await makeAlias(db, scope, { domainId: domain.id, address: at('some'), targets })
      const client = await server().client()
      const { tenantId, steps } = await journeyOf(journeyIn(await client.send(at('some'), makeMessage())))
      expect(tenantId).toBe(scope.tenantId)
      expect(steps.filter(({ result }) => result === 'skipped')).toMatchObject([
        { kind: 'rcpt', name: at('off'), detail: `alias_disabled, through ${at('some')}`, recipient: at('some') },
        { kind: 'rcpt', name: at('nobody'), detail: `unknown, through ${at('some')}`, recipient: at('some') },
        { kind: 'rcpt', name: at('asleep'), detail: `mailbox_suspended, through ${at('some')}`, recipient: at('some') },
      ])
      client.destroy()
    })

    it('tell a mailbox owner through which address the mail came', async () => {
      const { db } = database()
      const { scope, domain } = world()
      const box = await makeMailbox(db, scope, { domainId: domain.id, address: `box@${domain.name}` })
      const client = await server().client()
      const { steps } = await journeyOf(journeyIn(await client.send(`box+tag@${domain.name}`, makeMessage())))
      expect(steps.filter(({ recipient }) => recipient === box.address)).toMatchObject([
        { kind: 'rcpt', name: box.address, result: 'ok', detail: `through box+tag@${domain.name}` },
      ])
      client.destroy()
    })
  })

  describe('a refusal while the database is unreachable', () => {
    it('is a 451 with a journey, which is stored once the database is back', async () => {
      const client = await server().client()
      await client.command('EHLO x')
      await client.command('MAIL FROM:<a@remote.example>')
      const { db } = database()
      const away = (): never => {
        throw new DatabaseUnavailableError('the database is unreachable')
      }
      const mocks = [
        vi.spyOn(db, 'select').mockImplementation(away),
        vi.spyOn(db, 'transaction').mockRejectedValue(new DatabaseUnavailableError('the database is unreachable')),
      ]
      const address = `later@${world().domain.name}`
      const reply = await client.command(`RCPT TO:<${address}>`)
      expect(reply).toMatch(/^451 4\.3\.0 .*\(jrn_[0-9a-z]{26}\)$/)
      await client.command('QUIT')
      await eventually(() => Promise.resolve((mocks[1]?.mock.calls.length ?? 0) > 0))
      for (const mock of mocks) mock.mockRestore()
      const journey = await journeyOf(journeyIn(reply))
      expect(journey).toMatchObject({ tenantId: world().tenant.id, status: 'deferred', recipients: [address], reply })
    })
  })
})
