// A process that takes the jobs of a name and never finishes one: node hanging.fixture.ts OPTIONS NAME
import { z } from 'zod'
import { openDatabase } from '../client/open.ts'
import type { DatabaseOptions } from '../client/options.ts'
import { defineJob, handle } from './job.ts'

const [, , options = '', name = ''] = process.argv
const database = await openDatabase(JSON.parse(options) as DatabaseOptions)
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const hang = handle(defineJob({ name, payload: z.unknown() }), () => {
  process.send?.('taken')
  return new Promise<void>(() => undefined)
})
await database.work({ lanes: [{ name: 'hanging', concurrency: 5, handlers: [hang] }], log: quiet, beatMs: 100 })
