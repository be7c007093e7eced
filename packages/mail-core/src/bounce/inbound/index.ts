/** What comes back to our return paths, read: bounces, complaints, and what is neither (O47–O49). */
export { type Match, matchReturned, type SentRecipient } from './match.ts'
export { readReturned } from './read.ts'
export { type Tie, tieReturned } from './tie.ts'
export type { Feedback, ReturnedKind, ReturnedMail, ReturnedRecipient } from './types.ts'
