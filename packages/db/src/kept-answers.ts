/** Answers to questions that are asked again and again, each under a key, until what they depend on has changed. */
export interface KeptAnswers<Answer> {
  /** The kept answer, else that of `ask`. A failure is not kept, nor an answer that was on its way when its key was deleted. */
  readonly get: (key: string, ask: () => Promise<Answer>) => Promise<Answer>
  readonly delete: (key: string) => void
  readonly deleteWhere: (isMeant: (key: string) => boolean) => void
  readonly clear: () => void
}

interface KeptOptions<Answer> {
  /** Most answers; the oldest make room for others. */
  readonly max: number
  /** Milliseconds for which an answer is kept; by default, until it is deleted. */
  readonly keepMs?: number
  readonly now?: () => Date
  /** Whether an answer is kept once it has come; by default, every one is. */
  readonly isKept?: (answer: Answer) => boolean
}

/** Creates a memory for answers. */
export function createKeptAnswers<Answer>({
  max,
  keepMs = Infinity,
  now = () => new Date(),
  isKept = () => true,
}: KeptOptions<Answer>): KeptAnswers<Answer> {
  // Oldest first.
  const kept = new Map<string, { readonly answer: Promise<Answer>; readonly until: number }>()
  return {
    get: (key, ask) => {
      const at = now().getTime()
      const known = kept.get(key)
      if (known !== undefined && known.until > at) return known.answer
      const entry = { answer: ask(), until: at + keepMs }
      const forget = (): void => {
        if (kept.get(key) === entry) kept.delete(key)
      }
      entry.answer.then((answer) => {
        if (!isKept(answer)) forget()
      }, forget)
      kept.delete(key)
      kept.set(key, entry)
      const [oldest] = kept.keys()
      if (oldest !== undefined && kept.size > max) kept.delete(oldest)
      return entry.answer
    },
    delete: (key) => kept.delete(key),
    deleteWhere: (isMeant) => {
      for (const key of kept.keys()) if (isMeant(key)) kept.delete(key)
    },
    clear: () => kept.clear(),
  }
}
