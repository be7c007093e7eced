import { expect, test } from 'vitest'

import { hopsOf } from './hops.ts'

const received = (value: string) => ({ name: 'Received', value })

test('the hops of a message, oldest first, with their delays', () => {
  const hops = hopsOf([
    { name: 'From', value: 'x' },
    received(
      'from out.example.org (out.example.org [192.0.2.7] (may be forged)) by mx.example.com with ESMTPS id 1;\r\n Mon, 23 Nov 2026 09:12:44 +0000 (UTC)',
    ),
    received('from desk by out.example.org with ESMTPSA; Mon, 23 Nov 2026 09:12:41 +0000'),
  ])
  expect(hops.map(({ from, by, with: protocol, delay }) => [from, by, protocol, delay])).toEqual([
    ['desk', 'out.example.org', 'ESMTPSA', null],
    ['out.example.org', 'mx.example.com', 'ESMTPS', 3],
  ])
})

test('incomplete fields give what they contain', () => {
  expect(hopsOf([received(''), received('by x; not a date'), received(')))((')])).toEqual([
    { from: null, by: null, with: null, at: null, delay: null },
    { from: null, by: 'x', with: null, at: null, delay: null },
    { from: null, by: null, with: null, at: null, delay: null },
  ])
})

test('a name is no longer than that of a host can be', () => {
  const [hop] = hopsOf([received(`from ${'1ש'.repeat(5000)} by x`)])
  expect(hop?.from).toHaveLength(256)
})
