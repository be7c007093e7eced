import { Worker } from 'node:worker_threads'
import { afterAll, expect, it } from 'vitest'
import { startPreparer } from '../src/preparer.ts'

const preparer = startPreparer(
  { backend: 'fs', options: { base_path: '/nowhere' } },
  () => new Worker(new URL('./fragile.worker.ts', import.meta.url)),
)
afterAll(() => preparer.close())

const prepare = (...texts: string[]) => preparer.prepare(texts.map((text) => Buffer.from(text)))

it('leaves out only the message that kills its worker', async () => {
  const prepared = await prepare('a', 'kill', 'b')
  expect(prepared.map((each) => each?.blobKey ?? null)).toEqual(['a', null, 'b'])
})

it('keeps the order across many chunks', async () => {
  const names = Array.from({ length: 700 }, (_, n) => String(n))
  expect((await prepare(...names)).map((each) => each?.blobKey)).toEqual(names)
})

it('fails when the store does', async () => {
  await expect(prepare('a', 'disk')).rejects.toThrow('no space left')
})
