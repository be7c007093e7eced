import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, expect, it } from 'vitest'
import { createMessageIndexer } from './message-index.ts'

/** Accepts tasks and never answers. */
const stuck = new URL(
  'data:text/javascript,import{parentPort}from"node:worker_threads";parentPort.on("message",()=>{})',
)
const indexer = createMessageIndexer(() => new Worker(stuck), { size: 1, waitMs: 50 })
afterAll(() => indexer.close())

it('a message queued behind slow ones does not wait: its header is indexed, its text is not', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'mairust-index-')), 'spooled')
  await writeFile(path, 'From: a@b.example\r\nSubject: Hello\r\n\r\nthe text\r\n')
  const first = indexer.index([Buffer.from('Subject: hostile\r\n\r\n')])
  first.catch(() => undefined)
  const trace = Buffer.from('Return-Path: <a@b.example>\r\n')
  const index = await indexer.index([trace, { path, from: 0, size: 52 }])
  expect(index).toMatchObject({ subject: 'Hello', from: [{ address: 'a@b.example' }], parseError: null, version: 0 })
  expect(index.search).toMatchObject({ subject: 'hello', body: '' })
})
