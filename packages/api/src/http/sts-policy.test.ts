import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { configSchema } from '@mairust/config'
import { type DomainRow, updateDomainRow } from '@mairust/db/queries/domain'
import type { TenantScope } from '@mairust/db/queries/scope'
import { domainTopic } from '@mairust/db'
import { makeDomain, makeScope, withDatabases } from '@mairust/db/testing'
import { parseStsPolicy } from '@mairust/mail-core/outbound'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeTestApi } from '../testing/api.ts'
import { makeFront, serveFront } from '../testing/front.ts'
import type { WebFront } from './front.ts'

withDatabases((get) => {
  let front: WebFront
  let scope: TenantScope
  let domain: DomainRow
  let find: (name: string) => Promise<string | null>

  beforeEach(async () => {
    const { api } = makeTestApi(get())
    find = api.stsPolicy
    scope = await makeScope(get().db)
    domain = await makeDomain(get().db, scope)
    // A public name of its own: other hosts get no page.
    const settings = { server: { public_url: 'https://mail.example.com' } }
    front = makeFront(settings, { stsPolicy: (name) => find(name) })
  })

  const ask = async (host: string, path = '/.well-known/mta-sts.txt', method = 'GET') => {
    const server = await serveFront(front, (_request, response) => response.end('page'))
    // Cast: a server that listens on TCP has such an address.
    const { port } = server.address() as AddressInfo
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host }, agent: false }).end()
    // Cast: what the event of this name has.
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    return { status: answer.statusCode, type: answer.headers['content-type'], body: await text(answer) }
  }
  const change = async (columns: Parameters<typeof updateDomainRow>[3]) => {
    await updateDomainRow(get().db, scope, domain.id, columns)
    await get().db.transaction((tx) => get().changes.publish(tx, domainTopic(scope.tenantId, domain.name)))
  }

  describe('the MTA-STS policy of a domain', () => {
    it('is served by its host name, also with a port and in capitals', async () => {
      for (const host of [`mta-sts.${domain.name}`, `MTA-STS.${domain.name}:8443`]) {
        const { status, type, body } = await ask(host)
        expect([status, type]).toEqual([200, 'text/plain; charset=utf-8'])
        expect(parseStsPolicy(Buffer.from(body))).toEqual({
          ok: true,
          policy: { mode: 'testing', mx: [configSchema.parse({}).server.hostname], maxAgeSeconds: 86_400 },
        })
      }
      expect(await ask(`mta-sts.${domain.name}`, undefined, 'HEAD')).toMatchObject({ status: 200, body: '' })
    })

    it('is what the domain asks for, at once', async () => {
      expect((await ask(`mta-sts.${domain.name}`)).body).toContain('mode: testing')
      await change({ mtaSts: 'enforce' })
      await expect.poll(async () => (await ask(`mta-sts.${domain.name}`)).body).toContain('mode: enforce')
    })

    it.each(['pending', 'suspended'] as const)('is not served while it is %s', async (status) => {
      expect((await ask(`mta-sts.${domain.name}`)).status).toBe(200)
      await change({ status })
      await expect.poll(async () => (await ask(`mta-sts.${domain.name}`)).status).toBe(404)
    })

    it('is not served for others, and by no other name, path or method', async () => {
      expect((await ask('mta-sts.other.example')).status).toBe(404)
      for (const [host, path, method] of [
        [domain.name],
        [`www.${domain.name}`],
        [`mta-sts.${domain.name}`, '/'],
        [`mta-sts.${domain.name}`, '/.well-known/mta-sts.txt?x'],
        [`mta-sts.${domain.name}`, undefined, 'POST'],
      ] as [string, string?, string?][]) {
        expect((await ask(host, path, method)).status).toBe(400)
      }
    })

    it('cannot be read now while the database is away', async () => {
      find = () => Promise.reject(new Error('away'))
      expect((await ask(`mta-sts.${domain.name}`)).status).toBe(503)
    })
  })
})
