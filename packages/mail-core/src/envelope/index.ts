export { type Envelope, type EnvelopeRecipient, openEnvelope, withRecipient } from './envelope.ts'
export { isSrs, srsForward, type SrsProblem, type SrsResult, srsReverse, type SrsSettings } from './srs.ts'
