import * as audit from '../services/audit/index.ts'
import { t } from '../trpc/init.ts'
import { list } from '../trpc/procedures.ts'

export const auditRouter = t.router({
  list: list(audit.listAudit, {
    path: '/admin/audit',
    tag: 'Audit',
    summary: 'List who changed what, newest first',
  }),
})
