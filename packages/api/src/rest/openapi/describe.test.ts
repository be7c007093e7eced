import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { flag, wireInt, word } from '../../wire/index.ts'
import { describeParameter, describeSchema } from './describe.ts'

const shown = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' })

describe('the description of a field', () => {
  it('comes from its schema, also when that is nullable and optional', () => {
    const missing: string[] = []
    const quota = word(wireInt(1, 9).nullable(), 'How much it may hold.', 3, 'int64').optional()
    expect(describeSchema(shown(z.object({ quota })), 'Box', missing)).toMatchObject({
      properties: { quota: { description: 'How much it may hold.', examples: [3], format: 'int64' } },
    })
    expect(missing).toEqual([])
  })

  it('is reported as missing in a response, in nested fields and in a parameter', () => {
    const missing: string[] = []
    const bare = z.string()
    const held = word(z.array(z.object({ inner: bare, known: flag('Whether it is known.', true) })), 'What it holds.')
    describeSchema(shown(z.object({ outer: bare, held })), 'Box', missing)
    describeParameter({ name: 'q', schema: shown(bare) }, 'boxes-list', missing)
    expect(missing.sort()).toEqual(['Box.outer', 'boxes-list.q', 'held.inner'])
  })

  it('is reported as missing when it describes only one of several types', () => {
    const missing: string[] = []
    describeSchema(shown(z.object({ at: word(z.string(), 'When it happened.').nullable() })), 'Box', missing)
    expect(missing).toEqual(['Box.at'])
  })
})
