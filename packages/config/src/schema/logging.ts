import { z } from 'zod'
import { reloadable } from './reloadable.ts'

export const logging = z.strictObject({
  level: reloadable(
    z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .default('info')
      .describe('Least serious log line that is written.'),
  ),
  format: z.enum(['json', 'text']).default('json').describe('`json`: one object a line; `text`: for human eyes.'),
})
