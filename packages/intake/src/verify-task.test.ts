import { readdir, readlink, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Resolver } from '@mairust/dns'
import { describe, expect, it } from 'vitest'
import { verifyTask } from './verify-task.ts'

const folder = await mkdtemp(join(tmpdir(), 'mairust-verify-'))
const resolver: Resolver = { query: () => Promise.resolve({ kind: 'no_such_name', ttl: 60, authenticated: false }) }

/** Verifies a spooled message, of which `size` bytes were announced. */
async function verifySpooled(name: string, text: string, size = text.length) {
  const path = join(folder, name)
  await writeFile(path, `...${text}`)
  const task = {
    body: { path, from: 3, size },
    session: { ip: '192.0.2.1', helo: 'mx.example', reversePath: 'me@x.example' },
    hostname: 'mx.test.example',
    now: 0,
    trustedSealers: [],
    lookupMs: 5000,
    sender: '192.0.2.1',
  }
  return { path, done: verifyTask(task, resolver, (work) => work) }
}
/** The files that this process has open. */
async function openFiles(): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd')
  return Promise.all(descriptors.map((each) => readlink(`/proc/self/fd/${each}`).catch(() => '')))
}
const fields = (count: number, length = 10): string => `X-Field: ${'x'.repeat(length)}\r\n`.repeat(count)
const FROM = 'From: me@x.example\r\n'

describe.skipIf(process.platform !== 'linux')('the file of a message is closed', () => {
  it.each([
    ['when it was read in whole', `${FROM}\r\n${'x'.repeat(300_000)}`],
    ['when its header has too many fields to be checked', `${FROM}${fields(2000)}\r\n${'x'.repeat(300_000)}`],
    ['when its header has too many bytes to be checked', `${FROM}${fields(1500, 1000)}\r\n${'x'.repeat(300_000)}`],
  ])('%s', async (what, text) => {
    const { path, done } = await verifySpooled(what, text)
    await done
    expect(await openFiles()).not.toContain(path)
  })

  it('when it has become shorter, which fails', async () => {
    const { path, done } = await verifySpooled('shorter', `${FROM}\r\nx`, 10_000)
    await expect(done).rejects.toThrow('The spooled message has become shorter')
    expect(await openFiles()).not.toContain(path)
  })
})

it('an empty message in a file is verified like any other', async () => {
  const { done } = await verifySpooled('empty', '')
  expect((await done).spf.result).toBe('none')
})
