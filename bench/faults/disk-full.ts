// Fills the disk under load. Mail must get 452 or 451 meanwhile, reading and deleting must work, no acknowledged message may be lost,
// and everything must recover by itself once there is room again. Needs its own small file system as TMPDIR:
//   mount -t tmpfs -o size=250m tmpfs /mnt/small
// Usage: TMPDIR=/mnt/small npm run bench -- faults/disk-full

import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { listSubjects, startLoad } from '../../e2e/fixtures/load.ts'
import { ADMIN, startProduct } from '../../e2e/fixtures/product.ts'
import { makeKey } from '../../e2e/fixtures/rest.ts'
import { Verdict } from '../lib/verdict.ts'

const MB = 1024 * 1024
const MOST_MB = 1024
const RECOVERS_WITHIN_MS = 5000

const volume = tmpdir()
const freeMb = (): number => {
  const { bavail, bsize } = statfsSync(volume)
  return (bavail * bsize) / MB
}
if (freeMb() > MOST_MB)
  throw new Error(`${volume} has more than ${String(MOST_MB)} MB free; set TMPDIR to a small volume`)

/** Fills the volume except for `leave` MB; 0 takes the last byte. */
function fill(file: string, leave: number): void {
  const handle = openSync(file, 'a')
  try {
    for (let block = MB; block > 0 && freeMb() > leave;) {
      try {
        writeSync(handle, Buffer.alloc(block))
      } catch {
        block = Math.floor(block / 16)
      }
    }
  } finally {
    closeSync(handle)
  }
}

const ballast = join(volume, 'ballast')
const product = await startProduct({ admin: true })
const verdict = new Verdict()
try {
  const key = await makeKey(product, 'read,write')
  const call = async (method: string, path: string): Promise<{ status: number; data: { id: string }[] }> => {
    const headers = { authorization: `Bearer ${key}` }
    const response = await fetch(`${product.url}/api/v1${path}`, { method, headers })
    const text = await response.text()
    const data = response.headers.get('content-type')?.includes('json') === true ? text : '{"data":[]}'
    return { status: response.status, data: (JSON.parse(data) as { data: { id: string }[] }).data }
  }
  const { seen, stop } = startLoad(product, ADMIN.email, 5)
  await delay(3000)
  verdict.expect(seen.acknowledged.size > 0, `${String(seen.acknowledged.size)} messages while there is room`)

  for (const leave of [30, 0]) {
    fill(ballast, leave)
    await delay(1500)
    const before = { acknowledged: seen.acknowledged.size, refused: seen.replies.get('452') ?? 0 }
    await delay(3000)
    const where = `with ${String(leave)} MB left`
    verdict.expect(seen.acknowledged.size === before.acknowledged, `${where}: nothing is acknowledged`)
    verdict.expect((seen.replies.get('452') ?? 0) > before.refused, `${where}: 452`)
    const list = await call('GET', '/messages')
    const [message] = list.data
    verdict.expect(list.status === 200 && message !== undefined, `${where}: the list answers ${String(list.status)}`)
    const raw = await call('GET', `/messages/${message?.id ?? ''}/raw`)
    verdict.expect(raw.status === 200, `${where}: a message's bytes are read: ${String(raw.status)}`)
    if (leave > 0) {
      const removed = await call('DELETE', `/messages/${message?.id ?? ''}`)
      verdict.expect(removed.status === 200, `${where}: a message is deleted: ${String(removed.status)}`)
      const back = await call('POST', `/messages/${message?.id ?? ''}/restore`)
      verdict.expect(back.status === 200, `${where}: and restored: ${String(back.status)}`)
    }
  }
  rmSync(ballast)
  const began = performance.now()
  while (seen.lastAcceptedAt < began && performance.now() - began < 60_000) await delay(20)
  const took = Math.round(seen.lastAcceptedAt - began)
  verdict.expect(took > 0 && took <= RECOVERS_WITHIN_MS, `mail is accepted again after ${String(took)} ms`)
  await delay(1000)
  await stop()

  const replies = [...seen.replies].map(([code, count]) => `${String(count)} × ${code}`).join(', ')
  verdict.expect(
    [...seen.replies.keys()].every((code) => ['250', '451', '452', '421'].includes(code)),
    replies,
  )
  verdict.expectKept(seen.acknowledged, await listSubjects(product, key))
} finally {
  rmSync(ballast, { force: true })
  await product.dispose()
}
process.exitCode = verdict.good ? 0 : 1
