import { expect, test } from 'vitest'

import { filterOf, parsePlace, placePath } from './location.ts'

test.each([
  ['/mail', {}],
  ['/mail/', {}],
  ['/mail/hana@example.com', { mailbox: 'hana@example.com' }],
  ['/mail/hana%40example.com/inbox', { mailbox: 'hana@example.com', folder: 'inbox' }],
  ['/mail/%E7%94%B0@example.com/fld_1', { mailbox: '田@example.com', folder: 'fld_1' }],
  ['/mail/%E7/inbox', { mailbox: '%E7', folder: 'inbox' }],
  ['/admin/users', {}],
])('%s points to %j', (path, place) => {
  expect(parsePlace(path)).toEqual(place)
})

test.each(['hana@example.com', '田@例え.jp', 'a/b+c?d#e@example.com', '100%@example.com'])(
  'the path of %s parses back',
  (mailbox) => {
    expect(parsePlace(placePath({ mailbox, folder: 'inbox' }))).toEqual({ mailbox, folder: 'inbox' })
  },
)

test('the filter of a place', () => {
  const place = { mailbox: 'hana@example.com', folder: 'inbox' }
  expect(filterOf(place, '', false)).toEqual({ mailbox: 'hana@example.com', folder: 'inbox' })
  expect(filterOf(place, '', true)).toEqual({ mailbox: 'hana@example.com', folder: 'inbox', seen: false })
  expect(filterOf(place, ' 東京 ', false)).toEqual({ mailbox: 'hana@example.com', q: '東京' })
  expect(filterOf({ ...place, folder: 'starred' }, '', false)).toEqual({ mailbox: 'hana@example.com', starred: true })
  expect(filterOf({ ...place, folder: 'starred' }, 'x', false)).toEqual({ mailbox: 'hana@example.com', q: 'x' })
  expect(filterOf({ ...place, folder: 'all' }, '', false)).toEqual({ mailbox: 'hana@example.com' })
})
