export { guardTransactions, type Db, type Dialect } from './db.ts'
export {
  DatabaseBusyError,
  DatabaseOpenError,
  DatabaseUnavailableError,
  HandleError,
  MigrationError,
  TransactionAbortedError,
} from './errors.ts'
export { type Database, openDatabase } from './open.ts'
