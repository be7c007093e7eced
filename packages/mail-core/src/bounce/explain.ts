import type { BounceClass, Explanation } from './classes.ts'
import { EXPLAIN_EN } from './explain.en.ts'
import { EXPLAIN_JA } from './explain.ja.ts'

export type ExplainLanguage = 'en' | 'ja'

const LANGUAGES: Readonly<Record<ExplainLanguage, Readonly<Record<BounceClass, Explanation>>>> = {
  en: EXPLAIN_EN,
  ja: EXPLAIN_JA,
}

/** What a class means for the sender, and what to do now. */
export function explainBounce(cls: BounceClass, language: ExplainLanguage): Explanation {
  return LANGUAGES[language][cls]
}
