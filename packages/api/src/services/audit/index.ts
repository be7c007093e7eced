export { listAudit } from './list.ts'
export { auditEntrySchema, listAuditInput, type AuditEntryWire } from './schemas.ts'
