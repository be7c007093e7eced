import { z } from 'zod'
import * as health from '../services/health/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { one } from '../wire/index.ts'

export const healthRouter = t.router({
  get: procedure('setting:read', {
    method: 'GET',
    path: '/admin/health',
    tag: 'Service',
    summary: 'Get the health of the server',
    description: 'With the room that is left for mail. `GET /health` tells anybody whether the server works.',
  })
    .input(z.strictObject({}))
    .output(one(health.serverHealthSchema))
    .query(async ({ ctx }) => ({ data: await health.getServerHealth({ ctx: ctx.service }) })),
})
