export { job, type Job } from './job.ts'
export {
  actionsOf,
  created,
  recorded,
  removal,
  removed,
  unchanged,
  updated,
  type AuditRule,
  type Entry,
  type Outcome,
} from './outcome.ts'
export { admit, publicVerb, verb, type AnyVerb, type Commit, type Verb, type VerbPermission } from './verb.ts'
