export type { Explanation } from './classes.ts'
export { explainBounce, type ExplainLanguage } from './explain.ts'
export {
  BOUNCE_CLASSES,
  BOUNCE_TABLE,
  type BounceAction,
  type BounceClass,
  type BounceRow,
  type BounceScope,
} from './table.ts'
