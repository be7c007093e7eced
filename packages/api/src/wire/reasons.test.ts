import { expect, it } from 'vitest'
import { z } from 'zod'
import { dayOrTime, id, label, parseInput, queryBool, text, timestamp, wireBool, wireInt } from './index.ts'
import { page } from './envelope.ts'

const reasonsOf = (schema: z.ZodType, value: unknown): unknown => {
  try {
    parseInput(z.strictObject({ it: schema }), value === undefined ? {} : { it: value })
  } catch (error) {
    return (error as { details: { reason: string }[] }).details.map(({ reason }) => reason)
  }
  return []
}
const scope = z.union([z.enum(['read', 'write', 'send']), z.strictObject({ scope: z.enum(['read', 'write', 'send']) })])

it('removes directional formatting from a name, and keeps everything else', () => {
  expect(label(20, 1).parse(' \u202Aאב\u200F +1 555\u202C')).toBe('אב\u200F +1 555')
  expect(reasonsOf(label(5, 1), '\u202E')).toEqual(['must not be empty'])
})

it.each<[string, z.ZodType, unknown]>([
  ['is required', text(5), undefined],
  ['is required', wireBool(), undefined],
  ['is required', scope, undefined],
  ['must be a string', text(5), null],
  ['must have at most 5 characters', label(5), 'abcdef'],
  ['must have at least 3 characters', z.string().min(3), 'a'],
  ['must have exactly 1 character', z.string().length(1), 'ab'],
  ['must not be empty', label(5, 1), ' '],
  ['must not contain control characters', label(5), 'a\u0001b'],
  ['must be true or false', wireBool(), 'false'],
  ['must be true or false', queryBool(), 'maybe'],
  ['must be a whole number', wireInt(1, 5), 1.5],
  ['must be a number', wireInt(1, 5), '1'],
  ['must be at most 5', wireInt(1, 5), 6],
  ['must be at least 1', wireInt(1, 5), 0],
  ['must be more than 0', z.number().positive(), 0],
  ['must be a multiple of 5', z.number().multipleOf(5), 7],
  ['must be at most 100', page.limit, '101'],
  ['must be at least 1', page.limit, 0],
  ['must be a whole number', page.limit, 'ten'],
  ['must be one of a, b, c', z.enum(['a', 'b', 'c']), 'd'],
  ['must be a list', z.array(z.string()), 'a'],
  ['must have at least 1 entry', z.array(z.string()).min(1), []],
  ['must have at most 2 entries', z.array(z.string()).max(2), ['a', 'b', 'c']],
  ['must be an object', z.strictObject({}), 1],
  ['must be an id that starts with dom_', id('dom'), 'dom_x'],
  ['must be a time such as 2026-01-31T12:00:00Z', timestamp(), 'noon'],
  ['must be a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z', dayOrTime(), 'noon'],
  ['must be in the expected format', z.string().regex(/^a$/), 'b'],
  ['must be one of read, write, send', scope, 'fly'],
  ['scope must be one of read, write, send', scope, { scope: 'fly' }],
  ['must be a string', z.union([z.string(), z.number()]), true],
  ['is not valid', z.record(z.string().min(3), z.number()), { a: 1 }],
])('says %j', (reason, schema, value) => expect(reasonsOf(schema, value)).toEqual([reason]))
