import { expect, it } from 'vitest'
import { Block } from './block.ts'

it('joins many small chunks without wasting memory', () => {
  const block = new Block()
  const line = Buffer.from('.\r\n')
  for (let count = 0; count < 80_000; count += 1) block.add(line)
  expect(block.bytes.equals(Buffer.from('.\r\n'.repeat(80_000)))).toBe(true)
  expect(block.bytes.buffer.byteLength).toBeLessThanOrEqual(2 * block.length)
})

it('does not bring back cleared bytes', () => {
  const block = new Block()
  block.add(Buffer.from('a long beginning'))
  block.clear()
  expect(block.length).toBe(0)
  block.add(Buffer.from('new'))
  expect(block.bytes.toString()).toBe('new')
})
