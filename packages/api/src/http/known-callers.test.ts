import { describe, expect, it } from 'vitest'
import { createKnownCallers } from './known-callers.ts'

const actorOf = (id: string) => ({ id, userId: id, tenantId: 'ten_1', name: 'Ann', sessionId: `ses_${id}` })

describe('a credential is known', () => {
  it('for ten minutes after a look-up found who has it', () => {
    let now = 0
    const known = createKnownCallers(() => now)
    known.note('a', actorOf('usr_1'))
    now = 599_999
    expect(known.find('a')).toMatchObject({ user: 'ten_1 usr_1', session: 'ten_1 usr_1 ses_usr_1' })
    expect(known.find('b')).toBeNull()
    now = 600_000
    expect(known.find('a')).toBeNull()
  })

  it('until a look-up finds that nobody has it', () => {
    const known = createKnownCallers()
    known.note('a', actorOf('usr_1'))
    known.note('a', null)
    expect(known.find('a')).toBeNull()
  })

  it('unless 10,000 others were looked up later', () => {
    const known = createKnownCallers()
    for (let n = 0; n <= 10_000; n += 1) {
      known.note(`c${n}`, actorOf('usr_1'))
      known.note('kept', actorOf('usr_2'))
    }
    expect(known.find('c0')).toBeNull()
    expect(known.find('kept')).not.toBeNull()
    expect(known.find('c10000')).not.toBeNull()
  })
})
