import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobStoreError, BlobStoreFullError, fsBlobStore } from '@mairust/db/blob'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { createMessageIndexer } from '@mairust/intake'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { HOSTILE } from './support/hostile.ts'
import { eventually, journeyIn, journeysOf, makeMessage, messagesOf } from './support/server.ts'
import { useServerOn } from './support/suite.ts'

const KIB = 1024

withDatabases((database) => {
  let fail: Error | null = null
  let free = 1e12
  const reader = createMessageIndexer()
  /** What a message waits for when it has been read. */
  let whileReading: (() => Promise<unknown>) | null = null
  const { server, world } = useServerOn(database, {
    freeBytes: () => Promise.resolve(free),
    indexer: {
      ...reader,
      index: async (...message) => {
        const index = await reader.index(...message)
        await whileReading?.()
        return index
      },
    },
  })
  beforeAll(() => {
    const real = server().blobs.put.bind(server().blobs)
    server().blobs.put = async (key, source) => {
      if (fail !== null) throw fail
      return real(key, source)
    }
  })

  async function used(mailboxId: string): Promise<number> {
    const { mailboxes } = database().db.tables
    return (await database().db.select().from(mailboxes)).find((row) => row.id === mailboxId)?.usedBytes ?? -1
  }

  describe('a quota', () => {
    it('is exceeded by at most one message with 20 concurrent senders', async () => {
      const box = await makeMailbox(database().db, world().scope, {
        domainId: world().domain.id,
        address: `quota@${world().domain.name}`,
        quotaBytes: 50 * KIB,
      })
      const body = `${'x'.repeat(74)}\r\n`.repeat(130)
      const clients = await Promise.all(Array.from({ length: 20 }, () => server().client()))
      const ready = await Promise.all(clients.map((client) => client.upToData(box.address)))
      expect(ready.every((reply) => reply.startsWith('354'))).toBe(true)
      const replies = await Promise.all(clients.map((client) => client.command(`Subject: q\r\n\r\n${body}.`)))
      const accepted = replies.filter((reply) => reply.startsWith('250'))
      const full = replies.filter((reply) => /^452 4\.2\.2 .*\(jrn_/.test(reply))
      expect(accepted.length + full.length).toBe(20)
      expect(accepted.length).toBeGreaterThan(3)
      expect(await messagesOf(database(), box.id)).toHaveLength(accepted.length)
      expect(await used(box.id)).toBeLessThan(50 * KIB + 11 * KIB)
      for (const client of clients) client.destroy()
    })
  })

  describe('a large message', () => {
    it('is spooled to a file, stored byte for byte, and indexed', async () => {
      const client = await server().client()
      const line = `${'0123456789abcdef'.repeat(4)}\r\n`
      const message = `From: Big <big@remote.example>\r\nSubject: large\r\n\r\n${line.repeat(30_000)}`
      const reply = await client.send(world().address, message)
      expect(reply).toMatch(/^250 /)
      const row = (await messagesOf(database(), world().mailbox.id)).at(-1)
      expect(row).toMatchObject({ subject: 'large', fromName: 'Big', parseError: null })
      const raw = await server().blobs.read(row?.blobKey ?? '')
      expect(raw.subarray(-message.length - 2).equals(Buffer.from(`${message}\r\n`))).toBe(true)
      expect(await server().leftovers()).toEqual([])
      client.destroy()
    })
  })

  describe('a mail loop', () => {
    const hop = 'Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\n'
    it('is detected after 50 hops', async () => {
      const client = await server().client()
      expect(await client.send(world().address, `${hop.repeat(50)}Subject: x\r\n\r\ny`)).toMatch(/^250 /)
      expect(await client.send(world().address, `${hop.repeat(51)}Subject: x\r\n\r\ny`)).toMatch(/^554 5\.4\.6 .*jrn_/)
      client.destroy()
    })

    it('is detected when the message passed through here before', async () => {
      const client = await server().client()
      const reply = await client.send(world().address, makeMessage('round'))
      const row = (await messagesOf(database(), world().mailbox.id)).at(-1)
      const raw = await server().blobs.read(row?.blobKey ?? '')
      expect(raw.toString()).toContain(journeyIn(reply))
      expect(await client.send(world().address, raw.subarray(0, -2))).toMatch(/^554 5\.4\.6 /)
      client.destroy()
    })
  })

  describe('a storage failure', () => {
    it('gets 451 with the journey, and the next message is accepted', async () => {
      fail = new BlobStoreError('EIO')
      const client = await server().client()
      const reply = await client.send(world().address, makeMessage())
      expect(reply).toMatch(/^451 4\.3\.0 .*\(jrn_[0-9a-z]{26}\)$/)
      fail = null
      expect(await client.send(world().address, makeMessage())).toMatch(/^250 /)
      const [journey] = await eventually(async () => {
        const rows = await journeysOf(database(), journeyIn(reply))
        return rows.length > 0 && rows
      })
      expect(journey?.status).toBe('deferred')
      client.destroy()
    })

    it('from a full disk gets 452, already at MAIL when known', async () => {
      fail = new BlobStoreFullError('ENOSPC')
      const client = await server().client()
      expect(await client.send(world().address, makeMessage())).toMatch(/^452 4\.3\.1 /)
      fail = null
      free = 0
      server().advance(1500)
      expect(await client.command('MAIL FROM:<a@b.example>')).toMatch(/^452 4\.3\.1 /)
      free = 1e12
      server().advance(1500)
      expect(await client.send(world().address, makeMessage())).toMatch(/^250 /)
      client.destroy()
    })

    it('from a full disk under the database gets 452 too', async () => {
      const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
      const transaction = vi.spyOn(database().db, 'transaction').mockRejectedValueOnce(full)
      const client = await server().client()
      expect(await client.send(world().address, makeMessage())).toMatch(/^452 4\.3\.1 .*\(jrn_/)
      transaction.mockRestore()
      expect(await client.send(world().address, makeMessage())).toMatch(/^250 /)
      client.destroy()
    })

    it('while a large message arrives gets 451 with the journey, and the next one is accepted', async () => {
      const large = makeMessage('large', `${'x'.repeat(70)}\r\n`.repeat(5000))
      const folder = join(baseOf(), 'tmp')
      const client = await server().client()
      await rm(folder, { recursive: true })
      await writeFile(folder, 'no folder')
      const reply = await client.send(world().address, large)
      expect(reply).toMatch(/^451 4\.3\.0 .*\(jrn_[0-9a-z]{26}\)$/)
      await rm(folder)
      await mkdir(folder)
      expect(await client.send(world().address, large)).toMatch(/^250 /)
      const [journey] = await eventually(async () => {
        const rows = await journeysOf(database(), journeyIn(reply))
        return rows.length > 0 && rows
      })
      expect(journey).toMatchObject({ status: 'deferred', reply })
      client.destroy()
    })

    it('from a mailbox removed meanwhile gets 451, and leaves no object', async () => {
      const { db } = database()
      const box = await makeMailbox(db, world().scope, {
        domainId: world().domain.id,
        address: `gone@${world().domain.name}`,
      })
      const client = await server().client()
      await client.upToData(box.address)
      const { deleteMailboxRow } = await import('@mairust/db/queries/mailbox')
      await db.transaction((tx) => deleteMailboxRow(tx, world().scope, box.id))
      const before = await keysOf()
      expect(await client.command('Subject: x\r\n\r\ny\r\n.')).toMatch(/^451 4\.3\.0 /)
      expect(await keysOf()).toEqual(before)
      client.destroy()
    })
  })

  function baseOf(): string {
    const { storage } = server().config
    return storage.backend === 'fs' ? storage.options.base_path : ''
  }

  async function keysOf(): Promise<string[]> {
    const keys: string[] = []
    const store = await fsBlobStore(baseOf())
    for await (const key of store.list(new Date(Date.now() + 1e9))) keys.push(key)
    return keys.sort()
  }

  describe('hostile messages', () => {
    it('are all stored, and other clients are served while they are parsed', async () => {
      const [client, other] = [await server().client(), await server().client()]
      for (const { name, message } of HOSTILE) {
        const reading = Promise.withResolvers<undefined>()
        const read = Promise.withResolvers<undefined>()
        whileReading = () => {
          reading.resolve(undefined)
          return read.promise
        }
        const answer = client.send(world().address, message)
        await reading.promise
        expect(await other.command('NOOP')).toMatch(/^250 /)
        read.resolve(undefined)
        expect([name, (await answer).slice(0, 3)]).toEqual([name, '250'])
      }
      whileReading = null
      const rows = (await messagesOf(database(), world().mailbox.id)).slice(-HOSTILE.length)
      for (const [at, row] of rows.entries()) {
        const raw = await server().blobs.read(row.blobKey)
        const message = Buffer.concat([HOSTILE[at]?.message ?? Buffer.alloc(0), Buffer.from('\r\n')])
        expect(raw.subarray(-message.length).equals(message)).toBe(true)
      }
      expect(rows.slice(0, 4).every((row) => row.parseError !== null)).toBe(true)
      for (const one of [client, other]) one.destroy()
    })
  })

  describe('SMTPUTF8', () => {
    it('addresses are stored and found', async () => {
      const box = await makeMailbox(database().db, world().scope, {
        domainId: world().domain.id,
        address: `\u6771\u4eac@${world().domain.name}`,
      })
      const client = await server().client()
      await client.command('EHLO x')
      await client.command('MAIL FROM:<\u9001@remote.example> SMTPUTF8 BODY=8BITMIME')
      expect(await client.command(`RCPT TO:<\u6771\u4eac@${world().domain.name}>`)).toMatch(/^250 /)
      await client.command('DATA')
      expect(await client.command('Subject: \u6771\u4eac\r\n\r\n\u672c\u6587\r\n.')).toMatch(/^250 /)
      const [row] = await messagesOf(database(), box.id)
      expect(row?.subject).toBe('\u6771\u4eac')
      const raw = await server().blobs.read(row?.blobKey ?? '')
      expect(raw.toString()).toMatch(/with UTF8SMTP\s/)
      client.destroy()
    })
  })
})
