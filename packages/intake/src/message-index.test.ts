import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, it } from 'vitest'
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
  const first = indexer.index([Buffer.from('Subject: hostile\r\n\r\n')], 'stranger')
  first.catch(() => undefined)
  const trace = Buffer.from('Return-Path: <a@b.example>\r\n')
  const index = await indexer.index([trace, { path, from: 0, size: 52 }], 'friend')
  expect(index).toMatchObject({ subject: 'Hello', from: [{ address: 'a@b.example' }], parseError: null, version: 0 })
  expect(index.search).toMatchObject({ subject: 'hello', body: '' })
})

/** Answers with the size of the message; `!` at its start never ends, and `?` ends the worker. */
const partial = new URL(
  `data:text/javascript,import{parentPort}from"node:worker_threads";parentPort.on("message",({id,input})=>{
    if(input[0][0]===63)process.exit(1);
    if(input[0][0]!==33)parentPort.postMessage({id,ok:true,output:{preview:String(input[0].length)}})})`,
)

describe('hostile mail never holds all workers', () => {
  const endless = (bytes: number) => [Buffer.concat([Buffer.from('!'), Buffer.alloc(bytes)])]
  const open = () => createMessageIndexer(() => new Worker(partial), { size: 2, waitMs: 60_000 })

  it('however many large messages come from however many networks', async () => {
    const indexer = open()
    try {
      for (const network of ['192.0.2.1', '192.0.2.2', '192.0.2.3'])
        indexer.index(endless(2_000_000), network).catch(() => undefined)
      expect(await indexer.index([Buffer.from('small')], '192.0.2.9')).toEqual({ preview: '5' })
    } finally {
      await indexer.close()
    }
  })

  it('however small, once one of its network has killed a worker', async () => {
    const indexer = open()
    try {
      const networks = ['192.0.2.1', '192.0.2.2']
      const killed = await Promise.all(networks.map((network) => indexer.index([Buffer.from('?')], network)))
      expect(killed).toMatchObject(Array(2).fill({ parseError: 'The message could not be read', version: -1 }))
      for (const network of networks) indexer.index(endless(0), network).catch(() => undefined)
      expect(await indexer.index([Buffer.from('small')], '192.0.2.9')).toEqual({ preview: '5' })
    } finally {
      await indexer.close()
    }
  })
})
