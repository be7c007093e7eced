import { tenantScope } from '@mairust/db/queries/scope'
import { everyTenant } from '@mairust/db'
import { withDatabases } from '@mairust/db/testing'
import { findMailbox, updateMailboxRow } from '@mairust/db/queries/mailbox'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '@mairust/db'
import { systemContext } from '../../runtime.ts'
import { makeTestApi, type TestApi } from '../../testing/api.ts'
import { deliver } from '../../testing/mail.ts'
import type { UserRow } from '@mairust/db/queries/user'
import { requireOwner } from './internal.ts'

withDatabases((get) => {
  let test: TestApi
  let admin: UserRow
  let as: string
  const published: string[] = []
  beforeAll(async () => {
    test = makeTestApi(get())
    admin = await test.user({ role: 'super_admin' })
    as = await test.key(admin)
    await test.send('POST', '/domains', { as, body: { name: 'box.example', active: true } })
    get().changes.subscribe(everyTenant('addresses'), (topic) => published.push(topic))
  })
  const post = (path: string, body: unknown) => test.send('POST', path, { as, body })
  const patch = (path: string, body: unknown) => test.send('PATCH', path, { as, body })

  describe('mailboxes', () => {
    it('and aliases that are created concurrently never share an address', async () => {
      for (const round of ['a', 'b', 'c', 'd']) {
        const address = `both-${round}@box.example`
        const answers = await Promise.all([
          post('/mailboxes', { address }),
          post('/aliases', { address, targets: ['x@elsewhere.example'] }),
        ])
        expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
      }
    })

    it('may have a quoted local part with a space', async () => {
      const made = await post('/mailboxes', { address: ' "John Doe"@box.example ' })
      expect(made.data).toMatchObject({ address: '"john doe"@box.example' })
      expect(
        (await post('/aliases', { address: '"j d"@box.example', targets: ['"john doe"@box.example'] })).status,
      ).toBe(201)
      expect((await test.send('GET', '/mailboxes?q=john%20doe', { as })).items).toHaveLength(1)
      for (const address of ['john doe@box.example', '"john doe"@box example', '"john doe" @box.example']) {
        expect((await post('/mailboxes', { address })).status).toBe(422)
      }
    })

    it('are created with their folders, and every process is notified', async () => {
      const before = published.length
      const made = await post('/mailboxes', {
        address: 'Ann@BOX.example',
        display_name: 'Ann',
        quota_mb: 10,
        user_id: admin.id,
      })
      expect(made.status).toBe(201)
      expect(made.json).toMatchObject({
        data: {
          address: 'ann@box.example',
          display_name: 'Ann',
          quota_bytes: 10_485_760,
          used_bytes: 0,
          user_id: admin.id,
        },
      })
      const folders = await test.send('GET', `/mailboxes/${made.data['id'] ?? ''}/folders`, { as })
      expect(folders.items.map(({ role }) => role).sort()).toEqual([
        'archive',
        'drafts',
        'inbox',
        'junk',
        'quarantine',
        'sent',
        'trash',
      ])
      await expect.poll(() => published.length).toBeGreaterThan(before)
    })

    it('change address, owner, quota and name', async () => {
      const { data } = await post('/mailboxes', { address: 'bob@box.example', quota_mb: 1 })
      const path = `/mailboxes/${data['id'] ?? ''}`
      const changed = await patch(path, {
        address: 'robert@box.example',
        quota_mb: null,
        user_id: admin.id,
        display_name: 'Bob',
      })
      expect(changed.data).toMatchObject({
        address: 'robert@box.example',
        quota_bytes: null,
        user_id: admin.id,
        display_name: 'Bob',
      })
      expect((await patch(path, { user_id: null })).data['user_id']).toBeNull()
      expect((await patch(path, { address: 'robert@elsewhere.example' })).status).toBe(422)
      expect((await patch(path, { user_id: (await test.user()).id })).error.details[0]?.field).toBe('user_id')
      for (const quota of [0, 1.5, '5', -1, true]) expect((await patch(path, { quota_mb: quota })).status).toBe(422)
    })

    it('and aliases keep all concurrent changes', async () => {
      for (let round = 0; round < 8; round += 1) {
        const box = `/mailboxes/${(await post('/mailboxes', { address: `m${round}@box.example` })).data['id'] ?? ''}`
        const made = await post('/aliases', { address: `a${round}@box.example`, targets: ['x@out.example'] })
        const alias = `/aliases/${made.data['id'] ?? ''}`
        await Promise.all([
          patch(box, { quota_mb: 5 }),
          patch(box, { display_name: 'Named' }),
          patch(box, { user_id: admin.id }),
          patch(alias, { enabled: false }),
          patch(alias, { targets: ['y@out.example'] }),
        ])
        const read = async (path: string) => (await test.send('GET', path, { as })).data
        expect(await read(box)).toMatchObject({ quota_bytes: 5_242_880, display_name: 'Named', user_id: admin.id })
        expect(await read(alias)).toMatchObject({ enabled: false, targets: ['y@out.example'] })
      }
    })

    it('and aliases leave one audit entry, however many remove them concurrently', async () => {
      const made = [
        await post('/mailboxes', { address: 'often@box.example' }),
        await post('/aliases', { address: 'oft@box.example', targets: ['x@out.example'] }),
      ]
      for (const [at, path] of ['/mailboxes', '/aliases'].entries()) {
        const id = made[at]?.data['id'] ?? ''
        const answers = await Promise.all([1, 2, 3].map(() => test.send('DELETE', `${path}/${id}`, { as })))
        for (const { status } of answers) expect([200, 404]).toContain(status)
        const audit = await test.send('GET', `/admin/audit?target_id=${id}`, { as })
        expect(audit.items.filter(({ action }) => action?.endsWith('.delete'))).toHaveLength(1)
      }
    })

    it('that are suspended leave an audit entry when they are removed', async () => {
      const id = String((await post('/mailboxes', { address: 'suspended@box.example' })).data['id'])
      const scope = tenantScope(admin.tenantId)
      const change = { status: 'suspended', updatedAt: new Date() } as const
      await get().db.transaction((tx) => updateMailboxRow(tx, scope, id, change))
      expect((await test.send('DELETE', `/mailboxes/${id}`, { as })).status).toBe(200)
      const audit = await test.send('GET', `/admin/audit?target_id=${id}`, { as })
      expect(audit.items.map(({ action }) => action)).toContain('mailbox.delete')
      expect(await findMailbox(get().db, scope, id)).toBeNull()
    })

    it('report a failing database, not a wrong owner', async () => {
      const broken = {
        get tables(): never {
          throw new Error('the database is gone')
        },
      } as unknown as Db
      const ctx = systemContext(test.runtime, admin.tenantId)
      await expect(requireOwner(broken, ctx, admin.id)).rejects.toThrow('the database is gone')
    })

    it('and aliases never share an address', async () => {
      const box = await post('/mailboxes', { address: 'one@box.example' })
      expect((await post('/mailboxes', { address: 'ONE@box.example' })).status).toBe(409)
      expect((await post('/aliases', { address: 'one@box.example', targets: ['x@example.org'] })).status).toBe(409)
      const alias = await post('/aliases', { address: 'two@box.example', targets: ['x@example.org'] })
      expect((await post('/mailboxes', { address: 'two@box.example' })).status).toBe(409)
      expect((await patch(`/mailboxes/${box.data['id'] ?? ''}`, { address: 'two@box.example' })).status).toBe(409)
      expect((await patch(`/aliases/${alias.data['id'] ?? ''}`, { address: 'one@box.example' })).status).toBe(409)
    })

    it('get the default quota if none is given', async () => {
      await patch('/admin/settings', { default_quota_mb: 3 })
      expect((await post('/mailboxes', { address: 'quota@box.example' })).data['quota_bytes']).toBe(3_145_728)
      expect((await post('/mailboxes', { address: 'free@box.example', quota_mb: null })).data['quota_bytes']).toBeNull()
      await patch('/admin/settings', { default_quota_mb: null })
    })

    it('are removed with all their mail', async () => {
      const { data } = await post('/mailboxes', { address: 'gone@box.example' })
      const row = await findMailbox(get().db, tenantScope(admin.tenantId), data['id'] ?? '')
      if (row === null) throw new Error('not made')
      const message = await deliver(get(), test.runtime, row, 'Subject: x\n\nunfindable\n')
      expect((await test.send('DELETE', `/mailboxes/${row.id}`, { as })).json).toEqual({
        data: { id: row.id, deleted: true },
      })
      expect((await test.send('GET', `/messages/${message}`, { as })).status).toBe(404)
      expect((await test.send('GET', '/messages?q=unfindable', { as })).items).toEqual([])
      expect((await post('/mailboxes', { address: 'gone@box.example' })).status).toBe(201)
    })
  })

  describe('aliases', () => {
    it('have one or more targets, which are addresses other than their own', async () => {
      const made = await post('/aliases', {
        address: 'team@box.example',
        targets: ['A@Box.example', 'a@box.example', 'b@out.example'],
      })
      expect(made.data['targets']).toEqual(['a@box.example', 'b@out.example'])
      expect(made.json).toMatchObject({ data: { enabled: true } })
      const path = `/aliases/${made.data['id'] ?? ''}`
      expect((await patch(path, { enabled: false })).json).toMatchObject({ data: { enabled: false } })
      expect((await patch(path, { targets: ['team@box.example'] })).error.details[0]?.field).toBe('targets.0')
      expect((await patch(path, { targets: [] })).status).toBe(422)
      expect((await patch(path, { may_send_as: true })).data).toMatchObject({ may_send_as: true, enabled: false })
      expect((await patch(path, { enabled: true })).data).toMatchObject({ may_send_as: true })
      expect((await patch(path, { may_send_as: 'yes' })).status).toBe(422)
      expect((await patch(path, { targets: ['no address'] })).status).toBe(422)
      expect((await post('/aliases', { address: '*@box.example', targets: ['a@box.example'] })).data['address']).toBe(
        '*@box.example',
      )
      expect((await post('/aliases', { address: '*@other.example', targets: ['a@box.example'] })).status).toBe(422)
      expect((await test.send('GET', '/aliases?q=team', { as })).items).toHaveLength(1)
      expect((await test.send('DELETE', path, { as })).status).toBe(200)
    })
  })
})
