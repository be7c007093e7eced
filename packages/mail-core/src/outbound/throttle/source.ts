import { type Admission, admit, type AdmitQuestion } from './admit.ts'
import type { SiteState } from './state.ts'

/** Which of our addresses an attempt comes from, and whether it may start. */
export interface SourceChoice {
  readonly source: string
  readonly admission: Admission
}

/**
 * Chooses among our addresses, in order of preference: the first is the one that a greylisting server knows (O34), and another one takes
 * its place only while it is paused (O33). When all are paused, the one whose pause ends first. Null without any address.
 */
export function chooseSource(
  state: SiteState,
  sources: readonly string[],
  question: Omit<AdmitQuestion, 'source'>,
): SourceChoice | null {
  const choices = sources.map((source) => ({ source, admission: admit(state, { ...question, source }) }))
  const open = choices.find(({ admission }) => !isPaused(admission))
  return open ?? choices.toSorted((a, b) => endOf(a) - endOf(b))[0] ?? null
}

const isPaused = (admission: Admission) => admission.kind === 'wait' && admission.reason === 'paused'
const endOf = ({ admission }: SourceChoice) => (admission.kind === 'wait' ? (admission.until ?? 0) : 0)
