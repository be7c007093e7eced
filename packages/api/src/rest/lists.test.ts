import { tenantScope } from '@mairust/db/queries/scope'
import { insertFolder } from '@mairust/db/queries/folder-edit'
import { createId } from '@mairust/db'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import type { UserRow } from '@mairust/db/queries/user'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, type Answer, type TestApi } from '../testing/api.ts'
import { deliver } from '../testing/mail.ts'

const FILE =
  'Subject: file\nMessage-ID: <2@x>\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHello\n--x\nContent-Disposition: attachment; filename=a.txt\n\nfile\n--x--\n'

withDatabases((get) => {
  let test: TestApi
  let user: UserRow
  let mailbox: MailboxRow
  let key: string
  beforeAll(async () => {
    test = makeTestApi(get())
    user = await test.user()
    key = await test.key(user)
    mailbox = await makeMailbox(get().db, tenantScope(user.tenantId), { userId: user.id })
    await deliver(get(), test.runtime, mailbox, 'Subject: one\nMessage-ID: <1@x>\n\n1\n')
    await deliver(get(), test.runtime, mailbox, FILE)
    await deliver(get(), test.runtime, mailbox, 'Subject: Re: one\nMessage-ID: <3@x>\nIn-Reply-To: <1@x>\n\n3\n')
  })

  const list = (query: string): Promise<Answer> => test.send('GET', `/messages?${query}`, { as: key })
  const subjects = (answer: Answer): unknown[] => answer.items.map(({ subject }) => subject)

  describe('a cursor', () => {
    it('continues its own list, with any limit', async () => {
      const { cursor } = (await list('limit=1&sort=date&seen=false')).pagination
      const next = await list(`limit=2&seen=false&sort=date&cursor=${cursor ?? ''}`)
      expect(subjects(next)).toEqual(['file', 'Re: one'])
    })

    it.each(['sort=date', 'folder=inbox', 'seen=false', 'q=one'])('is refused with %s', async (other) => {
      const { cursor } = (await list('limit=1')).pagination
      const answer = await list(`limit=1&${other}&cursor=${cursor ?? ''}`)
      expect(answer.status).toBe(422)
      expect(answer.error.details).toEqual([
        {
          field: 'cursor',
          reason: 'is not a cursor of this list; use it with the same filters and sort',
        },
      ])
    })

    it('is refused by another list', async () => {
      const { cursor } = (await list('limit=1')).pagination
      const answer = await test.send('GET', `/journeys?cursor=${cursor ?? ''}`, { as: key })
      expect(answer.error.details).toMatchObject([{ field: 'cursor' }])
    })
  })

  describe('messages are found', () => {
    it('by attachments, with the present and the old name of the filter', async () => {
      expect(subjects(await list('has_attachments=true'))).toEqual(['file'])
      expect(subjects(await list('has_attachment=true'))).toEqual(['file'])
      expect(subjects(await list('has_attachments=true&has_attachment=false'))).toEqual([])
    })

    it('by thread, combined with other filters', async () => {
      const thread = (await list('q=one')).items[0]?.['thread_id'] ?? ''
      expect(subjects(await list(`thread=${thread}`))).toEqual(['Re: one', 'one'])
      expect(subjects(await list(`thread=${thread}&sort=date&limit=1`))).toEqual(['one'])
      expect(subjects(await list(`thread=${thread}&q=re&mailbox=${mailbox.id}&folder=inbox`))).toEqual(['Re: one'])
      expect(subjects(await list(`thread=${thread}&folder=trash`))).toEqual([])
    })

    it('not in a missing mailbox, folder or thread, which gives 404', async () => {
      for (const query of ['mailbox=nope', 'folder=nope', `thread=${createId('thr')}`, `folder=${createId('fld')}`]) {
        expect((await list(query)).status, query).toBe(404)
      }
      expect((await list('folder=Inbox')).status).toBe(200)
      expect((await list('folder=anywhere')).status).toBe(200)
    })

    it('not in somebody else’s thread or folder', async () => {
      const other = await test.user({}, user.tenantId)
      const folder = { id: createId('fld'), mailboxId: mailbox.id, name: 'Mine', createdAt: new Date() }
      await get().db.transaction((tx) => insertFolder(tx, tenantScope(user.tenantId), folder))
      const as = await test.key(other)
      const thread = (await list('q=one')).items[0]?.['thread_id'] ?? ''
      for (const query of [`thread=${thread}`, 'folder=Mine', `folder=${folder.id}`]) {
        expect((await test.send('GET', `/messages?${query}`, { as })).status, query).toBe(404)
      }
      expect((await list('folder=Mine')).status).toBe(200)
    })
  })
})
