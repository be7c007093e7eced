export { BATCH_ACTIONS, type BatchAction, type BatchChange } from './batch.ts'
export { CREATING_PROCEDURES } from './creating.ts'
export { ERROR_CODES, ERROR_STATUS, type ErrorCode, type ErrorDetail } from './errors.ts'
export { JOURNEY_DIRECTIONS, JOURNEY_STATUSES, type JourneyDirection, type JourneyStatus } from './journeys.ts'
export { LIMITS } from './limits.ts'
export type {
  AliasWire,
  ApiKeyWire,
  AuditEntryWire,
  BatchResultWire,
  CheckedRecordWire,
  DkimKeyWire,
  DeliveryDetailWire,
  DeliveryWire,
  DnsRecordWire,
  DomainWire,
  DraftWire,
  FolderWire,
  JourneyDetailWire,
  JourneyWire,
  MailboxWire,
  MessageDetailWire,
  MessageWire,
  MeWire,
  NewApiKeyWire,
  SessionWire,
  SettingsWire,
  TagWire,
  ThreadWire,
  UserWire,
  VerificationWire,
} from '../services/index.ts'
