import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { fsBlobStore } from '@mairust/db/blob'
import type { buildIndex } from '@mairust/mail-core/message'
import { describe, expect, it, vi } from 'vitest'
import { indexTask } from './index-task.ts'
import { createMessageIndexer } from './message-index.ts'
import { prepareMessages } from './prepare.ts'

vi.mock('@mairust/mail-core/message', async (original) => {
  const real = await original<{ buildIndex: typeof buildIndex }>()
  return {
    ...real,
    buildIndex: (raw: Uint8Array) => {
      if (Buffer.from(raw).includes('bad')) throw new RangeError('a bug in the parser')
      return real.buildIndex(raw)
    },
  }
})

const BAD = Buffer.from('Subject: bad\r\n\r\n')
const stuck = new URL(
  'data:text/javascript,import{parentPort}from"node:worker_threads";parentPort.on("message",()=>{})',
)

describe('a message that makes the parser throw', () => {
  const unread = { subject: '', parseError: 'The message could not be read', version: 0 }

  it('is received with an index that says so', () => {
    expect(indexTask([BAD])).toMatchObject(unread)
  })

  it('is received when no worker is free', async () => {
    const indexer = createMessageIndexer(() => new Worker(stuck), { size: 1, waitMs: 1 })
    indexer.index([BAD], 'client').catch(() => undefined)
    expect(await indexer.index([BAD], 'client')).toMatchObject(unread)
    await indexer.close()
  })

  it('is imported, as are those beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mairust-prepare-'))
    const good = Buffer.from('Subject: good\r\n\r\n')
    const prepared = await prepareMessages(await fsBlobStore(folder), [good, BAD, good], new Date())
    expect(prepared.map(({ index }) => index.subject)).toEqual(['good', '', 'good'])
    expect(prepared[1]?.index).toMatchObject(unread)
    expect(await readdir(folder)).not.toEqual([])
  })
})

it('a spooled file that cannot be read is a failure, not a property of the message', () => {
  expect(() => indexTask([{ path: '/nowhere/spooled', from: 0, size: 1 }])).toThrow('ENOENT')
})
