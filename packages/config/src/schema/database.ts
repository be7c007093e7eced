import { z } from 'zod'
import { chosenBy } from './backend.ts'
import { count } from './kit.ts'

const sqlite = z.strictObject({
  backend: z.literal('sqlite'),
  path: z
    .string()
    .min(1)
    .default('./data/mairust.db')
    .describe('Database file. When it is not set, it is `mairust.db` in `server.data_dir`.'),
})

const postgres = z.strictObject({
  backend: z.literal('postgres'),
  url: z
    .string()
    .regex(/^postgres(?:ql)?:\/\/./, { error: 'must start with postgres://' })
    .describe('Database URL: `postgres://user:password@host:5432/name`.'),
  max_connections: count(20, 2, 1000, 'Connection pool size of each process.'),
})

export const database = chosenBy(
  'database',
  'sqlite',
  z.discriminatedUnion('backend', [sqlite, postgres]).describe('SQLite for one machine; PostgreSQL for one or many.'),
)
