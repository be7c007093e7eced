export { allIn, domainOfStep, endingAtRcpt, isRefusedAtRcpt } from './audience.ts'
export { mergeBehind, splitBehind } from './behind.ts'
export type { BehindStep } from './behind.ts'
export { inSteps, JourneyRecorder } from './recorder.ts'
export type { JourneyOptions } from './recorder.ts'
export { endingFor, foldStatuses, readStep } from './status.ts'
export { JOURNEY_DIRECTIONS, JOURNEY_STATUSES, JOURNEY_STEP_KINDS, JOURNEY_STEP_RESULTS, UNNAMED } from './types.ts'
export type {
  Behind,
  Journey,
  JourneyDirection,
  JourneyStatus,
  JourneyStep,
  JourneyStepKind,
  JourneyStepResult,
  RecordedStep,
  StoredJourneyStep,
} from './types.ts'
