import { z } from 'zod'
import * as services from '../../services/index.ts'
import { addressSchema, attachmentSchema } from '../../services/message/schemas.ts'

/** Names of response schemas in the document. Other schemas are written out where they are used. */
export const NAMED = {
  Alias: services.aliasSchema,
  ApiKey: services.apiKeySchema,
  NewApiKey: services.newApiKeySchema,
  AuditEntry: services.auditEntrySchema,
  Me: services.meSchema,
  Session: services.sessionSchema,
  CheckedDnsRecord: services.checkedRecordSchema,
  DkimKey: services.dkimKeySchema,
  DnsRecord: services.dnsRecordSchema,
  Domain: services.domainSchema,
  DomainVerification: services.verificationSchema,
  Draft: services.draftSchema,
  Folder: services.folderSchema,
  Journey: services.journeySchema,
  JourneyDetail: services.journeyDetailSchema,
  Mailbox: services.mailboxSchema,
  Address: addressSchema,
  Attachment: attachmentSchema,
  Message: services.messageSchema,
  MessageDetail: services.messageDetailSchema,
  BatchResult: services.batchResultSchema,
  ServerHealth: services.serverHealthSchema,
  Settings: services.settingsSchema,
  SignIn: services.signInSchema,
  Tag: services.tagSchema,
  Thread: services.threadSchema,
  User: services.userSchema,
} as const satisfies Record<string, z.ZodType>

/** Registers the names. Call it before the document is generated. */
export const nameSchemas = (): void => {
  for (const [id, schema] of Object.entries<z.ZodType>(NAMED)) {
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id })
  }
}
