import * as audit from '../services/audit/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { listOutput } from '../wire/index.ts'

export const auditRouter = t.router({
  list: procedure('audit:read', {
    method: 'GET',
    path: '/admin/audit',
    tag: 'Audit',
    summary: 'List who changed what, newest first',
  })
    .input(audit.listAuditInput)
    .output(listOutput(audit.auditEntrySchema))
    .query(({ ctx, input }) => audit.listAudit({ ctx: ctx.service, input })),
})
