import { describe, expect, it } from 'vitest'
import { messageIdsOf, threadKeys } from './thread.ts'

describe('messageIdsOf', () => {
  it.each([
    ['<a@x> <b@x>', ['a@x', 'b@x']],
    ['<a@x>(comment)<b@x><a@x>', ['a@x', 'b@x']],
    ['a@x, b@x', ['a@x', 'b@x']],
    ['<a@\tx>', ['a@x']],
    ['no id here', []],
    ['<>', []],
  ])('%j', (value, ids) => expect(messageIdsOf(value)).toEqual(ids))

  it('keeps the first and the newest of a long list', () => {
    const ids = messageIdsOf(Array.from({ length: 500 }, (_, index) => `<${index}@x>`).join(' '))
    expect(ids).toHaveLength(100)
    expect([ids[0], ids.at(-1)]).toEqual(['0@x', '499@x'])
  })
})

describe('threadKeys', () => {
  it('lists parents nearest first, each once, without the message itself', () => {
    const keys = threadKeys({ messageId: 'me@x', inReplyTo: ['parent@x'], references: ['root@x', 'me@x', 'parent@x'] })
    expect(keys).toEqual(['parent@x', 'root@x'])
    expect(threadKeys({ messageId: null, inReplyTo: [], references: [] })).toEqual([])
  })

  it('hashes ids that are too long for an index', () => {
    const [key] = threadKeys({ messageId: null, inReplyTo: [`${'a'.repeat(300)}@x`], references: [] })
    expect(key).toMatch(/^[0-9a-f]{64}$/)
  })
})
