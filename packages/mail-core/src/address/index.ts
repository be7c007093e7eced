export { parseDomain } from './domain.ts'
export {
  addressKey,
  catchAllKey,
  domainOf,
  formatAddress,
  formatPath,
  normaliseAddress,
  recipientKey,
  splitSubAddress,
} from './format.ts'
export { parseAddress, parseForwardPath, parseReversePath } from './parse.ts'
export type { Address, AddressKey, AddressProblem, ForwardPath, Parsed, ReversePath } from './types.ts'
