import type { AuditRule } from './outcome.ts'

/** A change that no request makes: at the start, at the installation, or on a timer. */
export interface Job<Input extends unknown[], Result> {
  (...input: Input): Promise<Result>
  /** What it writes to the audit log. */
  readonly audit: AuditRule
}

/** Makes a job. It has no actor and so needs no permission, but declares its audit entries like a verb. */
export const job = <Input extends unknown[], Result>({
  audit,
  run,
}: {
  audit: AuditRule
  run: (...input: Input) => Promise<Result>
}): Job<Input, Result> => Object.assign((...input: Input) => run(...input), { audit })
