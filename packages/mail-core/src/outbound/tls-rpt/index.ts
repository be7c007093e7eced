export {
  certificateResult,
  policyTypeOf,
  TLS_RPT_RESULTS,
  tlsRptKey,
  type TlsRptKey,
  type TlsRptPolicyType,
  type TlsRptResult,
  type TlsRptSession,
} from './count.ts'
export { tlsRptAddresses } from './record.ts'
