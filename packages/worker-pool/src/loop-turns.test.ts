import { setImmediate as nextRound } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createLoopTurns } from './index.ts'

/** Turns, and the labels of the work that began, in order. */
function bench() {
  const { begin, accepted, waitingOf } = createLoopTurns()
  const began: string[] = []
  const add = (label: string, group = label.slice(0, 1), name = group) =>
    begin([group, name], () => void began.push(label))
  /** Begins all that waits: as many rounds as there can be. */
  const settle = async () => {
    for (let round = 0; round < 100; round += 1) await nextRound()
  }
  return { add, accepted, began, settle, waitingOf }
}

it('begins one piece of work in a round of the event loop, however many are ready', async () => {
  const { add, began } = bench()
  for (let n = 0; n < 100; n += 1) add(`a${n}`)
  expect(began).toEqual(['a0'])
  for (let round = 1; round <= 50; round += 1) {
    await nextRound()
    expect(began.length).toBeLessThanOrEqual(round + 1)
  }
  expect(began.length).toBeGreaterThan(40)
})

it('begins work at once when it is alone', async () => {
  const { add, began } = bench()
  for (const label of ['a1', 'a2', 'a3']) {
    add(label)
    expect(began.at(-1)).toBe(label)
    await nextRound()
  }
})

it('gives groups their turns, and in a group its names, whoever has more', async () => {
  const { add, began, settle } = bench()
  add('first')
  for (const label of ['a1', 'a2', 'a3']) add(label, 'a', 'x')
  for (const label of ['a4', 'a5']) add(label, 'a', 'y')
  for (const label of ['b1', 'b2']) add(label)
  add('c1')
  await settle()
  expect(began).toEqual(['first', 'a1', 'b1', 'c1', 'a4', 'b2', 'a2', 'a5', 'a3'])
})

it('lines of owners take turns, however many owners one of them has', async () => {
  const { begin } = createLoopTurns()
  const began: string[] = []
  const add = (line: string, network: string, name: string) =>
    begin([line, network, name], () => void began.push(`${line} ${network} ${name}`))
  add('first', '', '')
  for (let n = 0; n < 100; n += 1) add('strangers', `net${n % 50}`, `address${n}`)
  for (let n = 0; n < 3; n += 1) add('users', 'ann', 'session')
  for (let n = 0; n < 3; n += 1) add('files', 'net', 'address')
  for (let round = 0; round < 100; round += 1) await nextRound()
  expect(began.slice(1, 10).filter((each) => each.startsWith('users'))).toHaveLength(3)
  expect(began.slice(1, 10).filter((each) => each.startsWith('files'))).toHaveLength(3)
  // Each network is served before one of them is again.
  const strangers = began.filter((each) => each.startsWith('strangers')).map((each) => each.split(' ')[1])
  expect(new Set(strangers.slice(0, 50)).size).toBe(50)
})

it('a newcomer waits for one piece of work of each group, though they always have more', async () => {
  const { add, began } = bench()
  const refill = (label: string) => () => void add(label)
  for (const group of ['a', 'b', 'c']) for (let n = 0; n < 40; n += 1) refill(`${group}${n}`)()
  await nextRound()
  const before = began.length
  add('n')
  for (let round = 0; round < 5; round += 1) await nextRound()
  expect(began.indexOf('n') - before).toBeLessThanOrEqual(3)
})

it('lets connections that wait be accepted before work, and some work begin between them', async () => {
  const { add, accepted, began } = bench()
  for (let n = 0; n < 100; n += 1) add(`a${n}`)
  // A connection comes in each round, as from a queue that never ends.
  for (let round = 0; round < 80; round += 1) {
    accepted()
    await nextRound()
  }
  expect(began.length).toBeGreaterThanOrEqual(9)
  expect(began.length).toBeLessThanOrEqual(12)
})

it('forgets what is given up, and counts what waits', async () => {
  const { add, began, settle, waitingOf } = bench()
  add('a1')
  const giveUp = add('a2')
  add('a3')
  expect(waitingOf(['a', 'a'])).toBe(2)
  giveUp()
  giveUp()
  expect(waitingOf(['a', 'a'])).toBe(1)
  await settle()
  expect(began).toEqual(['a1', 'a3'])
})
