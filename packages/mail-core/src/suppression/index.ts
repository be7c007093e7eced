/** Who gets no mail any more, and why (O50). */
export { isExempt, type SuppressionExemptions } from './exempt.ts'
export { type FailureWeight, SOFT_DAYS, SOFT_IN_A_ROW, weightOf } from './weight.ts'
export { suppressedReply } from './reply.ts'
