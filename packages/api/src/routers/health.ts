import * as health from '../services/health/index.ts'
import { t } from '../trpc/init.ts'
import { query } from '../trpc/procedures.ts'

export const healthRouter = t.router({
  get: query(health.getServerHealth, {
    path: '/admin/health',
    tag: 'Service',
    summary: 'Get the health of the server',
    description: 'With the room that is left for mail. `GET /health` tells anybody whether the server works.',
  }),
})
