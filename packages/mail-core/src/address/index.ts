export { displayDomain, parseDomain } from './domain.ts'
export { canonicalIpv6, isIpv4 } from './literal.ts'
export {
  addressKey,
  displayAddress,
  formatAddress,
  formatPath,
  needsUtf8,
  normaliseAddress,
  splitSubAddress,
} from './format.ts'
export { parseAddress, parseForwardPath, parseReversePath, requireAddress } from './parse.ts'
export { ADDRESS_PROBLEMS, AddressError } from './types.ts'
export type { Address, AddressProblem, ForwardPath, Parsed, ReversePath } from './types.ts'
