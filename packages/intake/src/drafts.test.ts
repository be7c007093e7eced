import { Worker } from 'node:worker_threads'
import { memoryBlobStore } from '@mairust/db/blob'
import { parseMessage } from '@mairust/mail-core/message'
import { afterEach, expect, it } from 'vitest'
import { createDraftComposer, type DraftComposer } from './drafts.ts'

const TOOLS = { date: new Date('2026-01-31T12:00:00Z'), messageId: 'id@mx.example', boundary: 'b' }
const CREATED = { text: null, html: null, attachments: [] }

/** Does what its task's subject says, as a hostile draft might make it do. */
const hostile = new URL(
  'data:text/javascript,import{parentPort}from"node:worker_threads";parentPort.on("message",({id,input})=>{' +
    'const{subject}=input.changes;if(subject==="end")process.exit(1);' +
    'if(subject!=="hang")parentPort.postMessage({id,ok:true,output:{kind:"header_too_large"}})})',
)

const composers: DraftComposer[] = []
const make = (options: Omit<Parameters<typeof createDraftComposer>[0], 'blobs'> = {}) => {
  const blobs = memoryBlobStore()
  const composer = createDraftComposer({ blobs, ...options })
  composers.push(composer)
  const compose = (subject: string, maxBytes = 1_000_000, author = 'a') =>
    composer.compose({ author, base: null, changes: { ...CREATED, subject }, tools: TOOLS, maxBytes })
  return { blobs, composer, compose }
}
afterEach(() => Promise.all(composers.splice(0).map((composer) => composer.close())))

const keysOf = async ({ blobs }: ReturnType<typeof make>): Promise<string[]> => {
  const keys: string[] = []
  for await (const key of blobs.list(new Date('9999-01-01'))) keys.push(key)
  return keys
}

it('a draft is on stable storage with its index, and one changed stands beside it', async () => {
  const made = make()
  const first = await made.compose('one')
  if (first.kind !== 'stored') throw new Error(first.kind)
  expect(first.object).toMatchObject({
    index: { subject: 'one', messageId: 'id@mx.example', version: expect.any(Number) as number },
  })
  const changes = { subject: 'two' }
  const second = await made.composer.compose({
    author: 'a',
    base: first.object,
    changes,
    tools: TOOLS,
    maxBytes: 10_000,
  })
  if (second.kind !== 'stored') throw new Error(second.kind)
  expect((await keysOf(made)).sort()).toEqual([first.object.blobKey, second.object.blobKey].sort())
  const stored = await made.blobs.read(second.object.blobKey)
  expect([stored.length, parseMessage(stored).index.subject]).toEqual([second.object.size, 'two'])
})

it('what is too large is not stored', async () => {
  const made = make()
  expect(await made.compose('s', 10)).toMatchObject({ kind: 'too_large' })
  expect(await keysOf(made)).toEqual([])
})

it('files kept from the draft count beside it: a change of a large one runs alone', async () => {
  const made = make()
  const first = await made.compose('one')
  if (first.kind !== 'stored') throw new Error(first.kind)
  const gates: (() => void)[] = []
  made.blobs.read = () => new Promise((resolve) => gates.push(() => resolve(Buffer.from('Subject: s\r\n\r\n'))))
  const base = { ...first.object, size: 30_000_000 }
  const change = (author: string, changes: { subject: string } | { attachments: number[] }) =>
    made.composer.compose({ author, base, changes, tools: TOOLS, maxBytes: 50_000_000 })
  const run = [change('a', { attachments: [] }), change('b', { subject: 's' })]
  await expect.poll(() => gates.length).toBe(1)
  gates[0]?.()
  await run[0]
  await expect.poll(() => gates.length).toBe(2)
  gates[1]?.()
  expect((await Promise.all(run)).map(({ kind }) => kind)).toEqual(['stored', 'stored'])
})

it('a draft that ends or holds up its thread is unreadable, and those of others are written', async () => {
  const made = make({ spawn: () => new Worker(hostile), timeoutMs: 2000 })
  const outcomes = await Promise.all([
    made.compose('end'),
    made.compose('hang', 1, 'b'),
    made.compose('fine', 1, 'c'),
    made.compose('fine'),
  ])
  expect(outcomes.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'header_too_large', 'header_too_large'])
  expect(await keysOf(made)).toEqual([])
})
