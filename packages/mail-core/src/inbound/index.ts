export type { AddressFacts, AliasFacts, Directory, DomainFacts, MailboxFacts } from './directory.ts'
export type { Decision, LocalDelivery, RecipientDecision, RecipientRefusal, SkippedTarget } from './types.ts'
