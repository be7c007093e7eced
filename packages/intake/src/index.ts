export {
  type ImportMessage,
  type ImportPlace,
  importMessages,
  ImportStoppedError,
  type ImportTarget,
} from './import.ts'
export { createIntake, type Intake, isOutOfSpace, type StoreFailure } from './intake.ts'
export { createMessageIndexer, type MessageIndexer } from './message-index.ts'
export { type Part, readStart, slice, without } from './part.ts'
export { type Preparer, startPreparer } from './preparer.ts'
