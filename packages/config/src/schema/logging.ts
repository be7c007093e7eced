import { z } from 'zod'
import { reloadable } from './marks.ts'

export const logging = z.strictObject({
  level: reloadable(
    z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .default('info')
      .describe('Lowest level that is logged.'),
  ),
  format: z.enum(['json', 'text']).default('json').describe('`json`: one object per line; `text`: for people.'),
})
