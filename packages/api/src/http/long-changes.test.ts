import { describe, expect, it } from 'vitest'
import { bench, busy, caller, KIB, post, postDraft } from '../testing/answer-bench.ts'
import type { AnswerCaller } from './answer-shares.ts'

describe('a change whose answer may be long', () => {
  const session = (at: number): AnswerCaller => ({ ...caller('a'), changes: `a ${at}` })

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

  it('is bounded in a tenant, where who has none on the way still makes one', async () => {
    const { ask } = bench()
    for (const name of ['a', 'b', 'c']) await ask(name, 160 * KIB, postDraft)
    await expect(ask('a', 1, postDraft)).rejects.toMatchObject(busy)
    const later = Array.from({ length: 9 }, (_, at) => ask(`d${at}`, 90 * KIB, postDraft))
    const made = (await Promise.allSettled(later)).filter(({ status }) => status === 'fulfilled').length
    expect(made).toBeGreaterThan(0)
    expect(made).toBeLessThan(5)
  })

  it('is made with a few others of the user and of all at once, and waits for its turn', async () => {
    const { room } = bench()
    const open: ((answer: Response) => void)[] = []
    const begin = (from: AnswerCaller) =>
      room.run(from, postDraft, () => new Promise<Response>((resolve) => void open.push(resolve)))
    const mine = Array.from({ length: 6 }, (_, at) => begin(session(at)))
    const others = ['b', 'c'].map((name) => begin(caller(name)))
    const answers = Promise.all([...mine, ...others])
    const begun: number[] = []
    for (let at = 0; at < 8; at += 1) {
      await expect.poll(() => open.length).toBeGreaterThan(at)
      begun.push(open.length - at)
      open[at]?.(new Response('x'))
    }
    expect(Math.max(...begun)).toBe(4)
    expect(await answers).toHaveLength(8)
  })
})
