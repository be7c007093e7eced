export { parseDomain } from './domain.ts'
export { addressKey, formatAddress, formatPath, normaliseAddress, splitSubAddress } from './format.ts'
export { parseAddress, parseForwardPath, parseReversePath } from './parse.ts'
export type { Address, AddressProblem, ForwardPath, Parsed, ReversePath } from './types.ts'
