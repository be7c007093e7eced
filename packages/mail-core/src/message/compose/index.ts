export { composeSubmission, MAX_SUBMITTED_HEADER, type SubmittedHeader, type SubmissionTools } from './submission.ts'
export { buildTraceHeaders, type TraceInput } from './trace.ts'
