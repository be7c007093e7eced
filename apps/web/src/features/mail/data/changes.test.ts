import { expect, test } from 'vitest'

import { makeMessage } from '#testing/messages.ts'

import { applyAction, inverseOf, leavesList, type MailAction } from './changes.ts'

const CHANGES: MailAction[] = [
  { action: 'mark_seen' },
  { action: 'mark_unseen' },
  { action: 'star' },
  { action: 'unstar' },
  { action: 'add_tag', tag: 'ops' },
  { action: 'remove_tag', tag: 'ops' },
]
const VARIANTS = [makeMessage(1), makeMessage(2, { seen: true, starred: true, tags: ['ops', 'urgent'] })]

test.each(CHANGES)('the inverse of %j restores the message', (change) => {
  for (const message of VARIANTS) {
    const inverse = inverseOf(message, change, 'fld_1')
    const changed = applyAction(message, change)
    const back = inverse === null ? changed : applyAction(changed, inverse)
    expect({ ...back, tags: [...back.tags].sort() }).toEqual({ ...message, tags: [...message.tags].sort() })
  }
})

test('the inverse of a move', () => {
  const message = makeMessage(1)
  expect(inverseOf(message, { action: 'trash' }, 'fld_1')).toEqual({ action: 'restore' })
  expect(inverseOf(message, { action: 'restore' }, 'fld_1')).toEqual({ action: 'trash' })
  expect(inverseOf(message, { action: 'move', folder: 'archive' }, 'fld_1')).toEqual({
    action: 'move',
    folder: 'fld_1',
  })
  expect(inverseOf(message, { action: 'purge' }, 'fld_1')).toBeNull()
  expect(applyAction(message, { action: 'trash' })).toBe(message)
})

test('which lists a message leaves after a change', () => {
  const folder = { folder: 'inbox' }
  expect(leavesList({ action: 'move', folder: 'archive' }, folder)).toBe(true)
  expect(leavesList({ action: 'move', folder: 'archive' }, {})).toBe(false)
  expect(leavesList({ action: 'move', folder: 'junk' }, {})).toBe(true)
  expect(leavesList({ action: 'trash' }, {})).toBe(true)
  expect(leavesList({ action: 'unstar' }, { starred: true })).toBe(true)
  expect(leavesList({ action: 'unstar' }, folder)).toBe(false)
  expect(leavesList({ action: 'mark_seen' }, { folder: 'inbox', seen: false })).toBe(false)
})
