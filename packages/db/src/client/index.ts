export { guardTransactions, searchApart, type Db, type Dialect } from './db.ts'
export {
  DatabaseBusyError,
  DatabaseOpenError,
  DatabaseUnavailableError,
  HandleError,
  MigrationError,
  SearchBusyError,
  SearchTooSlowError,
  TransactionAbortedError,
} from './errors.ts'
export { type Database, openDatabase } from './open.ts'
