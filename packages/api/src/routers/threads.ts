import * as thread from '../services/thread/index.ts'
import { t } from '../trpc/init.ts'
import { query } from '../trpc/procedures.ts'

export const threads = t.router({
  get: query(thread.getThread, {
    path: '/threads/{id}',
    tag: 'Messages',
    summary: 'Get a conversation with its messages',
  }),
})
