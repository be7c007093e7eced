import { blobKey, memoryBlobStore } from '@mairust/db/blob'
import { describe, expect, it } from 'vitest'
import { storedContent } from '../src/delivery/content.ts'
import { certificate, message, results, useDeliveryBench } from './support/delivery.ts'
import { Postfix } from './support/postfix.ts'
import { Remote } from './support/remote.ts'
import { eventually } from './support/server.ts'

const bench = useDeliveryBench()
const COUNT = 1000

/** Bodies of many kinds: dots, empty lines, 8-bit, long lines, large ones, none. */
function bodyOf(index: number): string {
  const kinds = [
    `.\r\n..\r\n.${index}\r\n\r\n.\r\n`,
    `Grüße ${index} 日本語\r\n`,
    `${'x'.repeat(990)}\r\n.${'y'.repeat(990)}\r\n`,
    '',
    `line ${index}\r\n`.repeat(index % 50 === 4 ? 40_000 : 20),
  ]
  return kinds[index % kinds.length] ?? ''
}

/** A free port at an address of loopback. */
async function freePort(address: string): Promise<number> {
  const remote = await Remote.listen(address, 0, {})
  const port = remote?.port ?? 0
  await remote?.close()
  return port
}

describe('a thousand messages from the blob store', () => {
  it.skipIf(!Postfix.isInstalled)('arrive at a real Postfix with identical bodies, over verified TLS', async () => {
    const address = '127.0.0.9'
    const port = await freePort(address)
    const tls = await certificate('mx1.remote.test')
    bench().trust = [tls.cert]
    bench().record('remote.test MX', { preference: 10, exchange: 'mx1.remote.test' })
    bench().record('mx1.remote.test A', address)
    const postfix = new Postfix(address, port, 'remote.test', tls)
    try {
      const blobs = memoryBlobStore()
      const destination = { ...(await bench().destination()), port }
      const sts = { mode: 'enforce', mx: ['mx1.remote.test'], maxAgeSeconds: 86_400 } as const
      const send = async (index: number): Promise<string> => {
        const stored = Buffer.from(`Received: left out\r\nSubject: number ${index}\r\n\r\n${bodyOf(index)}`)
        const key = blobKey(new Date())
        await blobs.put(key, stored)
        const content = storedContent(blobs, {
          key,
          prefix: Buffer.from('X-Prefix: ours\r\n'),
          from: 'Received: left out\r\n'.length,
          size: stored.length,
          eightBit: stored.some((byte) => byte > 127),
        })
        const report = await bench().attempt(
          message(['a@remote.test'], { content }),
          { tls: { sts }, limit: 10 },
          destination,
        )
        return results(report)['a'] ?? ''
      }
      const replies = await Promise.all(Array.from({ length: COUNT }, (_, index) => send(index)))
      expect(replies.filter((reply) => !reply.startsWith('delivered 250 2.0.0 Ok: queued as'))).toEqual([])
      await eventually(() => Promise.resolve(postfix.count === COUNT))
      const wrong = postfix.delivered.filter((file) => {
        const text = file.toString('utf8')
        const [, number = ''] = /^X-Prefix: ours\nSubject: number (\d+)$/m.exec(text) ?? []
        const body = text.slice(text.indexOf('\n\n') + 2).replaceAll('\n', '\r\n')
        return number === '' || text.includes('left out') || body !== bodyOf(Number(number))
      })
      expect(wrong.map((file) => file.toString('utf8', 0, 1000))).toEqual([])
    } finally {
      postfix.stop()
    }
  })
})
