export { type BounceClassification, type BounceQuestion, classifyBounce } from './classify.ts'
export { type Explanation, isBounceClass } from './classes.ts'
export { explainBounce, type ExplainLanguage } from './explain.ts'
export type { BlockList } from './lists.ts'
export type { ReplyStage } from './rules/rule.ts'
export {
  BOUNCE_CLASSES,
  BOUNCE_TABLE,
  type BounceAction,
  type BounceClass,
  type BounceRow,
  type BounceScope,
} from './table.ts'
