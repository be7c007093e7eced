import { z } from 'zod'
import * as services from '../../services/index.ts'
import { addressSchema, attachmentSchema } from '../../services/message/schemas.ts'

/** What the schemas of answers are called in the document. One that is not here is written out where it is used. */
export const NAMED = {
  Alias: services.aliasSchema,
  ApiKey: services.apiKeySchema,
  NewApiKey: services.newApiKeySchema,
  AuditEntry: services.auditEntrySchema,
  Me: services.meSchema,
  Session: services.sessionSchema,
  DnsRecord: services.dnsRecordSchema,
  Domain: services.domainSchema,
  DomainVerification: services.verificationSchema,
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

/** Gives the schemas their names, before the document is generated. */
export const nameSchemas = (): void => {
  for (const [id, schema] of Object.entries<z.ZodType>(NAMED)) {
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id })
  }
}
