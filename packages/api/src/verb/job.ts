import type { AuditRule } from './outcome.ts'

/** A change that nobody asks for: what a start, an installation or time itself brings. */
export interface Job<Input extends unknown[], Result> {
  (...input: Input): Promise<Result>
  /** What it leaves in the audit log. */
  readonly audit: AuditRule
}

/** Makes a job. It has no actor to ask for a permission, but says what it leaves in the audit log as a verb does. */
export const job = <Input extends unknown[], Result>({
  audit,
  run,
}: {
  audit: AuditRule
  run: (...input: Input) => Promise<Result>
}): Job<Input, Result> => Object.assign((...input: Input) => run(...input), { audit })
