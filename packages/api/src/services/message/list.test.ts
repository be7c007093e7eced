import { searchApart } from '@mairust/db'
import { withDatabases } from '@mairust/db/testing'
import type { z } from 'zod'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { createFolder } from '../folder/index.ts'
import { batchMessages, listMessages, moveMessage, removeMessage, updateMessage } from './index.ts'
import type { listMessagesInput } from './schemas.ts'

type Input = z.input<typeof listMessagesInput>

const mail = (subject: string, text: string, from = 'Alice <alice@example.net>', to = 'bob@example.org') =>
  `From: ${from}\nTo: ${to}\nSubject: ${subject}\nContent-Type: text/plain; charset=utf-8\n\n${text}\n`

const WITH_FILE = `From: carol@example.com
To: team@example.org
Subject: Signed contract
Content-Type: multipart/mixed; boundary=x

--x

The contract is attached.
--x
Content-Type: application/pdf; name=contract.pdf
Content-Disposition: attachment; filename=contract.pdf

%PDF
--x--
`

const DAY = 86_400_000
const START = Date.parse('2026-03-01T12:00:00Z')

withDatabases((get) => {
  let world: MailWorld
  /** Ids of messages by their name in the tests below. */
  const named = new Map<string, string>()

  beforeAll(async () => {
    world = await makeMailWorld(get())
    const sources = {
      minutes: mail('Minutes of the meeting', 'We met in the usual place.'),
      invoice: mail('Invoice 4711', 'Please pay the annual fee soon', 'Billing <billing@shop.example>'),
      contract: WITH_FILE,
      tokyo: mail('来週の予定', '来週は東京都で会議があります。', '山田 <yamada@example.jp>'),
      kyoto: mail('旅行', '京都へ行きましょう', 'Alice <alice@example.net>', 'carol@example.com'),
      spam: mail('You won the lottery', 'annual lottery'),
      gone: mail('Old minutes', 'thrown away'),
      project: mail('Project plan', 'fee annual the'),
    }
    let at = START
    for (const [name, source] of Object.entries(sources)) {
      const folderRole = name === 'spam' ? 'junk' : undefined
      named.set(name, await world.deliver(source, { receivedAt: new Date(at), folderRole }))
      at += DAY
    }
    const { ctx, mailbox } = world
    await createFolder(ctx, { id: mailbox.id, name: 'Projects 2026' })
    await moveMessage(ctx, { id: idOf('project'), folder: 'projects 2026' })
    await removeMessage(ctx, { id: idOf('gone') })
    await updateMessage(ctx, { id: idOf('invoice'), seen: true, starred: true, add_tags: ['Finance'] })
    await batchMessages(ctx, { ids: [idOf('contract')], action: 'add_tag', tag: 'finance' })
  })

  const idOf = (name: string): string => named.get(name) ?? ''
  const namesFor = async (input: Input): Promise<(string | undefined)[]> => {
    const { data } = await listMessages(world.ctx, input)
    return data.map(({ id }) => [...named].find(([, known]) => known === id)?.[0])
  }

  const ORDINARY = ['project', 'kyoto', 'tokyo', 'contract', 'invoice', 'minutes']

  const cases: [string, Input, string[]][] = [
    ['nothing: all except trash and junk, newest first', {}, ORDINARY],
    ['sort=date: oldest first', { sort: 'date' }, ORDINARY.toReversed()],
    ['folder by role', { folder: 'inbox' }, ['kyoto', 'tokyo', 'contract', 'invoice', 'minutes']],
    ['folder by role, hidden', { folder: 'trash' }, ['gone']],
    ['folder by name, in any case', { folder: 'PROJECTS 2026' }, ['project']],
    ['from', { from: 'billing@shop.example' }, ['invoice']],
    ['from, part of a name', { from: 'yamada' }, ['tokyo']],
    ['to', { to: 'carol@example.com' }, ['kyoto']],
    ['subject', { subject: 'minutes' }, ['minutes']],
    ['tag, in any case', { tag: 'FINANCE' }, ['contract', 'invoice']],
    ['tag that does not exist', { tag: 'nothing' }, []],
    ['has_attachment', { has_attachment: true }, ['contract']],
    ['has_attachment=false', { has_attachment: 'false' }, ORDINARY.filter((name) => name !== 'contract')],
    ['after, a day', { after: '2026-03-04' }, ['project', 'kyoto', 'tokyo']],
    ['before, a moment', { before: '2026-03-03T12:00:00Z' }, ['invoice', 'minutes']],
    ['after and before', { after: '2026-03-02', before: '2026-03-04' }, ['contract', 'invoice']],
    ['seen', { seen: 'true' }, ['invoice']],
    ['seen=false', { seen: 'false', folder: 'inbox' }, ['kyoto', 'tokyo', 'contract', 'minutes']],
    ['starred', { starred: true }, ['invoice']],
    ['starred=false in one folder', { starred: false, folder: 'inbox' }, ['kyoto', 'tokyo', 'contract', 'minutes']],
    ['q: a word', { q: 'annual' }, ['project', 'invoice']],
    ['q: words, all of them', { q: 'annual please' }, ['invoice']],
    ['q: exact phrase', { q: '"the annual fee"' }, ['invoice']],
    ['q: excluded word', { q: 'annual -please' }, ['project']],
    ['q: beginning of a word', { q: 'invoi*' }, ['invoice']],
    ['q: 東京 inside a sentence', { q: '東京' }, ['tokyo']],
    ['q: a Japanese word at the end of a run', { q: '京都' }, ['kyoto', 'tokyo']],
    ['q: one character', { q: '旅' }, ['kyoto']],
    ['q: full-width letters find plain ones', { q: 'ｉｎｖｏｉｃｅ' }, ['invoice']],
    ['q: from:', { q: 'from:alice' }, ['project', 'kyoto', 'minutes']],
    ['q: to:', { q: 'to:team@example.org' }, ['contract']],
    ['q: subject:', { q: 'subject:"project plan"' }, ['project']],
    ['q: -subject:', { q: 'annual -subject:invoice' }, ['project']],
    ['q: has:attachment', { q: 'has:attachment' }, ['contract']],
    ['q: -has:attachment', { q: '-has:attachment tag:finance' }, ['invoice']],
    ['q: before:', { q: 'before:2026-03-03' }, ['invoice', 'minutes']],
    ['q: after:', { q: 'after:2026-03-05' }, ['project', 'kyoto']],
    ['q: tag:', { q: 'tag:finance' }, ['contract', 'invoice']],
    ['q: -tag:', { q: '-tag:finance in:inbox' }, ['kyoto', 'tokyo', 'minutes']],
    ['q: in:', { q: 'in:junk' }, ['spam']],
    ['q: in: a name with spaces', { q: 'in:"projects 2026"' }, ['project']],
    ['q: -in:', { q: '-in:inbox' }, ['project']],
    ['q: in:anywhere', { q: 'in:anywhere lottery' }, ['spam']],
    ['q: is:unread', { q: 'is:unread in:inbox' }, ['kyoto', 'tokyo', 'contract', 'minutes']],
    ['q: is:read', { q: 'is:read' }, ['invoice']],
    ['q: is:starred', { q: 'is:starred' }, ['invoice']],
    ['q: several operators', { q: 'from:billing tag:finance is:starred after:2026-03-01 annual' }, ['invoice']],
    ['q and parameters', { q: 'annual', folder: 'inbox', seen: 'true', from: 'billing' }, ['invoice']],
    ['q: only punctuation', { q: '!!' }, []],
    ['q: only an emoji', { q: '🎉' }, []],
    ['q: only an emoji in a field', { q: 'subject:🎉' }, []],
    ['q: punctuation between words', { q: 'the – annual & fee' }, ['project', 'invoice']],
    ['subject without a word', { subject: '🎉' }, []],
    ['from without a word', { from: '@@@' }, []],
    ['q: FTS5 syntax', { q: '"a" OR b* NEAR( ^' }, []],
    ['q: SQL syntax', { q: "x') or 1=1 --" }, []],
  ]

  describe('a list narrowed by', () => {
    it.each(cases)('%s', async (_name, input, expected) => {
      expect(await namesFor(input)).toEqual(expected)
    })

    it.each(cases)('%s, seen by an administrator of the tenant', async (_name, input, expected) => {
      const ctx = await world.as('tenant_admin')
      const { data } = await listMessages(ctx, input)
      expect(data.map(({ id }) => id)).toEqual(expected.map(idOf))
    })

    it('the mailbox, by id and by address', async () => {
      const { address, id } = world.mailbox
      expect(await namesFor({ mailbox: id })).toEqual(ORDINARY)
      expect(await namesFor({ mailbox: address.toUpperCase(), folder: 'junk' })).toEqual(['spam'])
    })

    it('a folder by its id', async () => {
      const { data } = await listMessages(world.ctx, { folder: 'trash' })
      expect(await namesFor({ folder: data[0]?.folder_id ?? '' })).toEqual(['gone'])
    })
  })

  describe('a list', () => {
    it('has the folder and the tags of each message', async () => {
      const { data } = await listMessages(world.ctx, { q: 'annual' })
      expect(data).toMatchObject([
        { folder: 'Projects 2026', tags: [] },
        { folder: 'inbox', tags: ['Finance'], seen: true, starred: true },
      ])
    })

    it('refuses an operator with an invalid value, and says what it expects', async () => {
      const refused = listMessages(world.ctx, { q: 'before:tomorrowish' })
      await expect(refused).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        details: [{ field: 'q', reason: expect.stringContaining('date') as string }],
      })
    })

    it('refuses a search with too many words, but not one that repeats them', async () => {
      expect(await namesFor({ q: 'annual '.repeat(200) })).toEqual(['project', 'invoice'])
      const words = (count: number) => ({ q: Array.from({ length: count }, (_, at) => `word${at}x`).join(' ') })
      expect(await namesFor(words(16))).toEqual([])
      const refusal = { code: 'VALIDATION_ERROR', details: [{ field: 'q' }] }
      await expect(namesFor(words(17))).rejects.toMatchObject(refusal)
      await expect(namesFor({ ...words(16), subject: 'minutes' })).rejects.toMatchObject(refusal)
    })

    it.each<Input>([
      { q: 'annual' },
      { from: 'alice' },
      { before: '2020-01-01' },
      { has_attachments: true },
      { tag: 'finance' },
    ])('waits for the searches of the same reader with %j, and a list without conditions does not', async (input) => {
      const gate = Promise.withResolvers<undefined>()
      const { db, actor } = world.ctx
      const search = searchApart(db, `${actor.tenantId} ${actor.userId ?? ''}`, () => gate.promise)
      const order: string[] = []
      const found = namesFor(input).then(() => order.push('search'))
      await namesFor({})
      await namesFor({ folder: 'inbox' })
      order.push('lists')
      gate.resolve(undefined)
      await Promise.all([search, found])
      expect(order).toEqual(['lists', 'search'])
    })

    it.each(['user', 'tenant_admin'] as const)('refuses a folder that does not exist, for a %s', async (role) => {
      const ctx = role === 'user' ? world.ctx : await world.as(role)
      await expect(listMessages(ctx, { folder: 'nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })

    it('refuses an invalid cursor', async () => {
      const refused = listMessages(world.ctx, { cursor: 'bm9uc2Vuc2U' })
      await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    })

    it('is empty for another user, who does not see the mailbox', async () => {
      const other = await world.as('user')
      expect((await listMessages(other, {})).data).toEqual([])
      await expect(listMessages(other, { mailbox: world.mailbox.id })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
    })

    it('is empty for an administrator of another tenant', async () => {
      const foreign = await (await makeMailWorld(get())).as('super_admin')
      const { tag, folder } = { tag: 'finance', folder: 'inbox' }
      for (const input of [{}, { q: 'annual' }, { tag }, { folder }, { q: 'in:anywhere' }, { starred: true }]) {
        expect((await listMessages(foreign, input)).data).toEqual([])
      }
      for (const mailbox of [world.mailbox.id, world.mailbox.address]) {
        const listed = listMessages(foreign, { mailbox })
        await expect(listed).rejects.toMatchObject({ code: 'NOT_FOUND' })
      }
    })
  })
})
