export {
  guardTransactions,
  type Database,
  DatabaseBusyError,
  DatabaseOpenError,
  DatabaseUnavailableError,
  type Db,
  type Dialect,
  HandleError,
  MigrationError,
  SearchBusyError,
  SearchTooSlowError,
  openDatabase,
  searchApart,
  TransactionAbortedError,
} from './client/index.ts'
export type { Changes } from './changes/changes.ts'
export {
  addressesTopic,
  addressTopic,
  domainTopic,
  everyTenant,
  mailboxesTopic,
  mailboxOfTopic,
  mailboxTopic,
  subjectOfTopic,
  tenantOfTopic,
  tenantTopic,
  type Topic,
} from './changes/topics.ts'
export { analyzeMail, trackGrowth } from './dialect/statistics.ts'
export { isDiskFull, isForeignKeyViolation, isTransactionConflict, isUniqueViolation } from './dialect/violations.ts'
export { createFileRoom, type FileRoom } from './file-room.ts'
export { readFreeBytes, SPACE_RESERVE, spoolFolderOf } from './free-space.ts'
export { createApartId, createId } from './id.ts'
export { createKeptAnswers, type KeptAnswers } from './kept-answers.ts'
export type { DatabaseOptions } from './client/options.ts'
export { findMigrations, migrate, migrationStatus, type MigrationStatus } from './migrate.ts'
export { folderHolder, FolderLockedError, lockFolder } from './folder-lock.ts'
