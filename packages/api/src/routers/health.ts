import * as health from '../services/health/index.ts'
import { t } from '../trpc/init.ts'
import { query } from '../trpc/procedures.ts'

export const healthRouter = t.router({
  get: query(health.getServerHealth, {
    path: '/admin/health',
    tag: 'Service',
    summary: 'Get the health of the server',
    description:
      'Includes the space left for mail. `GET /health` needs no login and shows only whether the server works.',
  }),
})
