export { type Envelope, type EnvelopeRecipient, openEnvelope, withRecipient } from './envelope.ts'
export {
  isReturnPath,
  readReturnPath,
  type ReturnPathKey,
  returnPathOf,
  type ReturnPathProblem,
  type ReturnPathResult,
  type ReturnPathSettings,
  type ReturnPathSubject,
} from './return-path.ts'
export { isSrs, srsForward, type SrsProblem, type SrsResult, srsReverse, type SrsSettings } from './srs.ts'
