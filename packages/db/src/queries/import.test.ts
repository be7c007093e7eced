import { tenantScope } from './scope.ts'
import { expect, it } from 'vitest'
import { createId } from '../id.ts'
import { isUniqueViolation } from '../dialect/index.ts'
import { makeItem, withDatabases } from '../testing/index.ts'
import { receiving } from '../testing/receiving.ts'
import { findImportKeys } from './import.ts'
import { ensureTagRows, tagsOfMessages } from './tag.ts'
import { tagOwnerId } from './tag-owner.ts'

withDatabases((get) => {
  const { accept, messagesOf, newMailbox } = receiving(get)
  const keysIn = (box: { tenantId: string; id: string }) =>
    findImportKeys(get().db, { tenantId: box.tenantId, mailboxId: box.id }, ['a', 'b', 'c'])

  it('a mailbox accepts each import key once, and any number of messages without one', async () => {
    const [box, other] = [await newMailbox(), await newMailbox()]
    const item = (mailbox: typeof box, importKey?: string) => makeItem(mailbox, { copy: { importKey } })
    await accept([item(box, 'a'), item(box, 'b'), item(box), item(box), item(other, 'c')])
    expect(await keysIn(box)).toEqual(new Set(['a', 'b']))
    expect(await keysIn(other)).toEqual(new Set(['c']))
    const refused = await accept([item(box), item(box, 'b')]).catch((error: unknown) => error)
    expect(isUniqueViolation(refused, 'messages_import_key')).toBe(true)
    expect(await messagesOf(box)).toHaveLength(4)
  })

  it('a message is stored with its tags', async () => {
    const box = await newMailbox()
    const tags = await get().db.transaction((tx) =>
      ensureTagRows(
        tx,
        { ...tenantScope(box.tenantId), ownerId: tagOwnerId(box) },
        ['one', 'two'].map((name) => ({ id: createId('tag'), name, color: '#000000', createdAt: new Date() })),
      ),
    )
    const item = makeItem(box, { copy: { tagIds: tags.map(({ id }) => id) } })
    await accept([item, makeItem(box)])
    const id = item.objects[0]?.copies[0]?.messageId ?? ''
    expect(await tagsOfMessages(get().db, tenantScope(box.tenantId), [id])).toEqual(new Map([[id, ['one', 'two']]]))
  })
})
