import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { flag, wireInt, word } from '../../wire/index.ts'
import { describeParameter, describeSchema } from './describe.ts'

const shown = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' })

describe('the words of a field', () => {
  it('stand in its schema, whatever it allows beside its value', () => {
    const missing: string[] = []
    const quota = word(wireInt(1, 9).nullable(), 'How much it may hold.', 3, 'int64').optional()
    expect(describeSchema(shown(z.object({ quota })), 'Box', missing)).toMatchObject({
      properties: { quota: { description: 'How much it may hold.', examples: [3], format: 'int64' } },
    })
    expect(missing).toEqual([])
  })

  it('are missed in an answer, in what it holds and in a parameter', () => {
    const missing: string[] = []
    const bare = z.string()
    const held = word(z.array(z.object({ inner: bare, known: flag('Whether it is known.', true) })), 'What it holds.')
    describeSchema(shown(z.object({ outer: bare, held })), 'Box', missing)
    describeParameter({ name: 'q', schema: shown(bare) }, 'boxes-list', missing)
    expect(missing.sort()).toEqual(['Box.outer', 'boxes-list.q', 'held.inner'])
  })

  it('are missed when they are said of one of several values', () => {
    const missing: string[] = []
    describeSchema(shown(z.object({ at: word(z.string(), 'When it happened.').nullable() })), 'Box', missing)
    expect(missing).toEqual(['Box.at'])
  })
})
