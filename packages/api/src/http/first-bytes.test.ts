import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeTestApi, ORIGIN, type TestApi } from '../testing/api.ts'

/** Bodies of a user whose first bytes may arrive at once. */
const MOST = 16

withDatabases((get) => {
  let test: TestApi
  beforeAll(() => {
    test = makeTestApi(get())
  })
  afterAll(() => test.api.close())

  it.each([
    ['rest', '/api/v1/tags'],
    ['trpc', '/api/trpc/tags.create'],
  ] as const)('few bodies of a user arrive in memory at once, over %s', async (name, path) => {
    const [slow, other] = [await test.key(await test.user()), await test.key(await test.user())]
    /** Ends the bodies that are being read, in their order. */
    const read: (() => void)[] = []
    const begin = async (key: string): Promise<number> => {
      const body = new ReadableStream<Uint8Array>(
        {
          pull: (controller) =>
            new Promise((resolve) => {
              read.push(() => {
                controller.close()
                resolve()
              })
            }),
        },
        { highWaterMark: 0 },
      )
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      const request = new Request(`${ORIGIN}${path}`, { method: 'POST', headers, body, duplex: 'half' })
      // An empty body names no tag.
      return (await test.api[name](request, { ip: '192.0.2.1' })).status
    }

    const mine = Array.from({ length: MOST + 1 }, () => begin(slow))
    await expect.poll(() => read).toHaveLength(MOST)
    const others = begin(other)
    await expect.poll(() => read).toHaveLength(MOST + 1)
    read[MOST]?.()
    const refused = await others
    expect(refused).toBeGreaterThanOrEqual(400)
    expect(read).toHaveLength(MOST + 1)
    read[0]?.()
    await expect.poll(() => read).toHaveLength(MOST + 2)
    for (const end of read.slice(1, MOST)) end()
    read.at(-1)?.()
    expect(new Set(await Promise.all(mine))).toEqual(new Set([refused]))
  })
})
