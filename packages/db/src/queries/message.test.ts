import { tenantScope } from './scope.ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseQuery } from '@mairust/mail-core/search'
import type { Db } from '../client/db.ts'
import { makeMailbox, makeMessage, makeTenant, withDatabases } from '../testing/index.ts'
import type { MailboxRow } from './mailbox.ts'
import { findMessage, findMessages, listMessages, type MailboxScope } from './message.ts'
import { unreferencedBlobs } from './blob-holders.ts'
import { findMessagesForChange, setFlags, setFolder } from './message-change.ts'
import { listFolders } from './folder.ts'
import { channelOf } from '../client/db.ts'
import { compileFilter } from './message-filter.ts'
import { addMessageTags, ensureTagRows } from './tag.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const START = Date.parse('2026-11-01T00:00:00Z')

withDatabases((get) => {
  let boxes: MailboxRow[]
  let scope: MailboxScope
  /** Three messages per mailbox, received in turn. */
  let ids: string[]

  const list = async (q: string, within: MailboxScope = scope, limit = 50): Promise<string[]> => {
    const { clauses } = parseQuery(q, NOW)
    const rows = await listMessages(get().db, within, { clauses }, { limit, order: 'desc' })
    return rows.map(({ id }) => id)
  }
  const newestFirst = (wanted: (at: number) => boolean): string[] => ids.filter((_, at) => wanted(at)).reverse()
  const folderOf = async (db: Db, box: MailboxRow | undefined, role: string): Promise<string> =>
    (await listFolders(db, scope, box?.id ?? '')).find((folder) => folder.role === role)?.id ?? ''

  beforeAll(async () => {
    const { db } = get()
    const tenant = await makeTenant(db)
    scope = { ...tenantScope(tenant.id), mailboxIds: 'all' }
    boxes = []
    // More than are read by their own index.
    for (let n = 0; n < 18; n += 1) boxes.push(await makeMailbox(db, scope))
    ids = []
    for (let at = 0; at < 54; at += 1) {
      const box = boxes[at % 18]
      if (!box) continue
      const copy = { receivedAt: new Date(START + at * 1000), starred: at % 9 === 0, seen: at % 2 === 0 }
      const index = { subject: at % 6 === 0 ? `Invoice ${at}` : `Note ${at}`, hasAttachments: at % 5 === 0 }
      ids.push((await makeMessage(get(), box, { copy, index, text: '東京都で会議' })).id)
    }
  })

  describe('a list over many mailboxes', () => {
    it('is in order of reception, whether read by one index or merged', async () => {
      const few = { ...scope, mailboxIds: boxes.slice(0, 5).map(({ id }) => id) }
      const many = { ...scope, mailboxIds: boxes.slice(0, 17).map(({ id }) => id) }
      expect(await list('', scope, 100)).toEqual(newestFirst(() => true))
      expect(await list('', few)).toEqual(newestFirst((at) => at % 18 < 5))
      expect(await list('', many, 100)).toEqual(newestFirst((at) => at % 18 < 17))
      expect(await list('', few, 4)).toEqual(newestFirst((at) => at % 18 < 5).slice(0, 4))
      expect(await list('', { ...scope, mailboxIds: [] })).toEqual([])
    })

    it.each([
      ['in:inbox', () => true],
      ['in:junk', () => false],
      ['-in:inbox', () => false],
      ['-in:junk', () => true],
      ['in:anywhere', () => true],
      ['is:starred', (at: number) => at % 9 === 0],
      ['is:unread', (at: number) => at % 2 === 1],
      ['has:attachment', (at: number) => at % 5 === 0],
      ['-has:attachment', (at: number) => at % 5 !== 0],
      ['invoice', (at: number) => at % 6 === 0],
      ['-invoice 東京', (at: number) => at % 6 !== 0],
      ['subject:invoice is:starred in:inbox', (at: number) => at % 18 === 0],
      ['tag:none', () => false],
      ['-tag:none', () => true],
    ])('finds the matches of %s', async (q, wanted) => {
      expect(await list(q, scope, 100)).toEqual(newestFirst(wanted))
      const few = { ...scope, mailboxIds: boxes.slice(0, 3).map(({ id }) => id) }
      expect(await list(q, few, 100)).toEqual(newestFirst((at) => at % 18 < 3 && wanted(at)))
    })

    it('continues after a position, in both directions', async () => {
      const page = async (order: 'asc' | 'desc', at: number) => {
        const after = { receivedAt: new Date(START + at * 1000), id: ids[at] ?? '' }
        const rows = await listMessages(get().db, scope, { clauses: [] }, { limit: 2, order, after })
        return rows.map(({ id }) => id)
      }
      expect(await page('desc', 10)).toEqual([ids[9], ids[8]])
      expect(await page('asc', 10)).toEqual([ids[11], ids[12]])
    })

    it('can be limited to one mailbox of the scope, and to none outside it', async () => {
      const [first, second] = boxes
      const within = { ...scope, mailboxIds: [second?.id ?? ''] }
      const read = (mailboxId: string | undefined) =>
        listMessages(get().db, within, { mailboxId, clauses: [] }, { limit: 9, order: 'desc' })
      expect(await read(second?.id)).toHaveLength(3)
      expect(await read(first?.id)).toEqual([])
    })
  })

  it('finds tagged messages by the tag’s name and id', async () => {
    const tag = { id: 'tag_1', name: 'Später', color: '#000000', createdAt: NOW }
    await get().db.transaction((tx) => ensureTagRows(tx, { ...scope, ownerId: 'usr_1' }, [tag]))
    await get().db.transaction((tx) => addMessageTags(tx, scope, ids.slice(0, 2), [tag.id]))
    for (const q of ['tag:SPÄTER', 'tag:tag_1']) expect(await list(q)).toEqual([ids[1], ids[0]])
    expect(await list('-tag:später', scope, 100)).toHaveLength(52)
  })

  it('looks up nothing under the tags of others, and a name once however it is spelled', async () => {
    const { db } = get()
    const [mine, theirs] = boxes
    if (mine === undefined || theirs === undefined) throw new Error('no mailboxes')
    const tag = (id: string, name: string) => ({ id, name, color: '#000000', createdAt: NOW })
    await db.transaction(async (tx) => {
      await ensureTagRows(tx, { ...scope, ownerId: theirs.userId ?? theirs.id }, [tag('tag_2', 'Layoffs')])
      await ensureTagRows(tx, { ...scope, ownerId: mine.userId ?? mine.id }, [tag('tag_3', 'Mine')])
    })
    const conditions = async (q: string) => {
      const { clauses } = parseQuery(q, NOW)
      const parts = await compileFilter(db, { ...scope, mailboxIds: [mine.id] }, { clauses })
      return parts.map((part) => channelOf(db).render(part))
    }
    for (const sign of ['', '-']) {
      expect(await conditions(`${sign}tag:layoffs`)).toEqual(await conditions(`${sign}tag:absent`))
      expect(await conditions(`${sign}tag:tag_2`)).toEqual(await conditions(`${sign}tag:absent`))
      expect(await conditions(`${sign}tag:mine ${sign}tag:MINE ${sign}tag:Mine`)).toEqual(
        await conditions(`${sign}tag:mine`),
      )
      expect(await conditions(`${sign}tag:mine`)).not.toEqual(await conditions(`${sign}tag:absent`))
    }
  })

  it('finds and changes nothing for another tenant', async () => {
    const { db } = get()
    const foreign: MailboxScope = { ...tenantScope((await makeTenant(db)).id), mailboxIds: 'all' }
    const [id = ''] = ids
    expect(await list('in:anywhere', foreign)).toEqual([])
    expect(await findMessage(db, foreign, id)).toBeNull()
    await db.transaction(async (tx) => {
      expect(await findMessagesForChange(tx, foreign, ids)).toEqual([])
      await setFlags(tx, foreign, ids, { seen: true, starred: true })
      await setFolder(tx, foreign, ids, await folderOf(tx, boxes[0], 'trash'), NOW)
    })
    expect(await findMessage(db, scope, id)).toMatchObject({ starred: true, trashedAt: null })
    expect((await findMessages(db, scope, ids)).filter(({ starred }) => starred)).toHaveLength(6)
  })

  it('locks and returns messages to change, only in the scope’s mailboxes', async () => {
    const within = { ...scope, mailboxIds: [boxes[0]?.id ?? ''] }
    const rows = await get().db.transaction((tx) => findMessagesForChange(tx, within, ids))
    expect(rows.map(({ id }) => id)).toEqual([ids[0], ids[18], ids[36]])
  })

  it('finds the blobs that no message references', async () => {
    const row = await findMessage(get().db, scope, ids[0] ?? '')
    const keys = ['gone', row?.blobKey ?? '', 'gone']
    expect(await get().db.transaction((tx) => unreferencedBlobs(tx, keys))).toEqual(['gone'])
  })
})
