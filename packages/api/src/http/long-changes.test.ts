import { describe, expect, it } from 'vitest'
import { called } from '../testing/caller.ts'
import { bench, busy, caller, KIB, post, postDraft } from '../testing/answer-bench.ts'
import type { Caller } from './caller.ts'
import { jsonContent } from './content.ts'

describe('a change whose answer may be long', () => {
  const session = (at: number): Caller => called(`t a ${at}`)

  it('is not made when the user has left no room for it, in whichever session; other changes are', async () => {
    const { ask, made } = bench()
    const first = await ask(session(0), 200 * KIB, postDraft)
    for (let at = 0; at < 9; at += 1) await expect(ask(session(at), 1, postDraft)).rejects.toMatchObject(busy)
    expect(made).toHaveLength(1)
    expect((await ask(session(0), 1, post)).status).toBe(201)
    await first.text()
    expect((await ask(session(1), 1, postDraft)).status).toBe(201)
    // Once made it is answered, whatever it has become.
    expect(await (await ask('b', 900 * KIB, postDraft)).text()).toHaveLength(900 * KIB)
  })

  it('is not made while those of its user that are being made leave no room, nor when its client leaves', async () => {
    const { ask, made, room } = bench()
    const held = Promise.withResolvers<Response>()
    const begun = Promise.withResolvers<null>()
    const batch = room.run(session(0), postDraft, ({ inTurn, book }) =>
      inTurn(() => {
        book(jsonContent('x'.repeat(190 * KIB)))
        begun.resolve(null)
        return Promise.resolve(null)
      }).then(() => held.promise),
    )
    await begun.promise
    await expect(ask(session(1), 1, postDraft)).rejects.toMatchObject(busy)
    expect((await ask('b', 1, postDraft)).status).toBe(201)
    held.resolve(new Response('made'))
    await batch
    expect((await ask(session(1), 1, postDraft)).status).toBe(201)
    const left = AbortSignal.abort()
    await expect(ask(session(1), 1, { ...postDraft, signal: left })).rejects.toMatchObject(busy)
    expect(made).toEqual(['t b', 't a'])
  })

  it('is made whatever others do not read: too much together ends the oldest answer of who holds the most', async () => {
    const { ask } = bench()
    const answers = new Map<string, Response[]>()
    for (const name of ['b', 'a', 'a', 'c', 'd', 'e'])
      answers.set(name, [...(answers.get(name) ?? []), await ask(name, 90 * KIB, postDraft)])
    const read = (answer: Response | undefined) => answer?.text().then((text) => text.length)
    await expect(read(answers.get('a')?.[0])).rejects.toThrow('too slowly')
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(await read(answers.get(name)?.at(-1)), name).toBe(90 * KIB)
    expect(await read(await ask('z', 400 * KIB, postDraft))).toBe(400 * KIB)
  })

  it('of another tenant is no concern of who holds more', async () => {
    const { ask } = bench()
    const mine = await ask(caller('a', 'other'), 190 * KIB, postDraft)
    for (const name of ['b', 'c', 'd', 'e', 'f']) await ask(name, 150 * KIB, postDraft)
    expect(await mine.text()).toHaveLength(190 * KIB)
  })

  it('has parts that are made in turn, a few of a user and of all at once', async () => {
    const { room } = bench()
    const open: (() => void)[] = []
    let begun = 0
    const begin = (from: Caller) =>
      room.run(from, postDraft, async ({ inTurn }) => {
        for (let part = 0; part < 2; part += 1) {
          await inTurn(() => {
            begun += 1
            return new Promise<void>((end) => void open.push(end))
          })
        }
        return new Response('x')
      })
    const answers = Promise.all([...Array.from({ length: 6 }, (_, at) => begin(session(at))), begin(caller('b'))])
    const atOnce: number[] = []
    for (let at = 0; at < 14; at += 1) {
      await expect.poll(() => open.length).toBeGreaterThan(at)
      atOnce.push(begun - at)
      open[at]?.()
    }
    expect(Math.max(...atOnce)).toBe(4)
    expect(await answers).toHaveLength(7)
  })

  it('gets no more parts when those of all are too much together, but at least one', async () => {
    const { room } = bench({ bytes: 100 * KIB })
    const part = jsonContent('x'.repeat(60 * KIB))
    const held = Promise.withResolvers<Response>()
    const begun = Promise.withResolvers<null>()
    const first = room.run(caller('a'), postDraft, (parts) => {
      parts.book(part)
      parts.requireRoom()
      parts.book(part)
      begun.resolve(null)
      return held.promise
    })
    await begun.promise
    const second = room.run(caller('b'), postDraft, (parts) => {
      parts.requireRoom()
      parts.book(part)
      expect(() => parts.requireRoom()).toThrow('too long together')
      return Promise.resolve(new Response('made'))
    })
    expect(await (await second).text()).toBe('made')
    held.resolve(new Response('x'))
    await first
  })
})
