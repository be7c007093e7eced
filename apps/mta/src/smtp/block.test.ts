import { expect, it } from 'vitest'
import { Block } from './block.ts'

it('many small chunks are one stretch of bytes, in hardly more room than they have', () => {
  const block = new Block()
  const line = Buffer.from('.\r\n')
  for (let count = 0; count < 80_000; count += 1) block.add(line)
  expect(block.bytes.equals(Buffer.from('.\r\n'.repeat(80_000)))).toBe(true)
  expect(block.bytes.buffer.byteLength).toBeLessThanOrEqual(2 * block.length)
})

it('what has been cleared does not come back', () => {
  const block = new Block()
  block.add(Buffer.from('a long beginning'))
  block.clear()
  expect(block.length).toBe(0)
  block.add(Buffer.from('new'))
  expect(block.bytes.toString()).toBe('new')
})
