export {
  type ImportMessage,
  type ImportPlace,
  importMessages,
  ImportStoppedError,
  type ImportTarget,
} from './import.ts'
export { internalJourney } from './internal-journey.ts'
export { createIntake, type Intake, isOutOfSpace, type StoreFailure } from './intake.ts'
export { createMessageIndexer, type MessageIndexer } from './message-index.ts'
export { createObjectIndexer, type ObjectIndexer, type ObjectTrouble } from './object-indexer.ts'
export { addressOwnership, type Ownership } from './ownership.ts'
export { joined, type Part, readStart, sizeOf, slice, without } from './part.ts'
export { type Destination, type PlannedObject, planObjects } from './plan.ts'
export { type Preparer, startPreparer } from './preparer.ts'
export { type ReindexedPortion, reindexLease, reindexPortion, type ReindexTools } from './reindex.ts'
export { returnPathSettings } from './return-paths.ts'
export { createReturnedReader, type ReturnedReader } from './returned-reader.ts'
export { createMessageSigner, type MessageSigner } from './signer.ts'
export { storeObjects } from './store-objects.ts'
export { MAX_SUBMITTED_LINE, type PreparedSubmission, prepareSubmission, type UnsignedParts } from './submission.ts'
export { createMessageVerifier, type MessageVerifier } from './verifier.ts'
