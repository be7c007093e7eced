export { type Envelope, type EnvelopeRecipient, openEnvelope, withRecipient } from './envelope.ts'
