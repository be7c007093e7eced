import { tenantScope } from '@mairust/db/queries/scope'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeQueueWorld, type Person, type QueueWorld } from '../../testing/queue.ts'

const MARK = 'merger'

withDatabases((get) => {
  let world: QueueWorld
  beforeEach(async () => {
    world = await makeQueueWorld(get())
  })

  /** Somebody uses their own mail in every way that is audited with what it was. */
  const useMail = async (person: Person): Promise<void> => {
    const { user } = world.who(person)
    const tenant = tenantScope(world.domain.tenantId)
    const mailbox = await makeMailbox(get().db, tenant, {
      userId: user.id,
      domainId: world.domain.id,
      address: user.email,
    })
    const ask = async (method: string, path: string, body?: object) => {
      const answer = await world.send(person, method, path, body)
      expect(answer.status, `${method} ${path}`).toBeLessThan(300)
      return answer.data['id'] ?? ''
    }
    const { ids } = await world.submit(person, [`${MARK}1`, `${MARK}2`])
    for (const [at, action] of (['retry', 'cancel'] as const).entries())
      await ask('POST', `/queue/${ids[at]}/${action}`)
    await ask('POST', '/queue/batch', { ids: [ids[0]], action: 'cancel' })
    const folder = await ask('POST', `/mailboxes/${mailbox.id}/folders`, { name: `${MARK} folder` })
    await ask('PATCH', `/mailboxes/${mailbox.id}/folders/${folder}`, { name: `${MARK} papers` })
    await ask('DELETE', `/mailboxes/${mailbox.id}/folders/${folder}`)
    const tag = await ask('POST', '/tags', { name: `${MARK} tag` })
    await ask('PATCH', `/tags/${tag}`, { name: `${MARK} label` })
    await ask('DELETE', `/tags/${tag}`)
  }
  const log = async (reader: Person) => (await world.send(reader, 'GET', '/admin/audit?limit=100')).items

  describe('the audit log', () => {
    it('tells what mail of a higher role is about to nobody below it, but that something happened to it', async () => {
      await useMail('super_admin')
      const [told, all] = [await log('tenant_admin'), await log('super_admin')]
      expect(told.map(({ action }) => action)).toEqual(all.map(({ action }) => action))
      expect(told.length).toBeGreaterThanOrEqual(9)
      expect(JSON.stringify(all)).toContain(`${MARK}1@`)
      expect(JSON.stringify(all)).toContain(`${MARK} papers`)
      expect(JSON.stringify(told)).not.toContain(MARK)
    })

    it('tells it of lower roles', async () => {
      await useMail('user')
      expect(await log('tenant_admin')).toEqual(await log('super_admin'))
      expect(JSON.stringify(await log('tenant_admin'))).toContain(`${MARK} papers`)
    })
  })
})
