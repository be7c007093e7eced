export { createDomain } from './create.ts'
export { listDomainRecords } from './dns.ts'
export { getDomain } from './get.ts'
export { listDomains } from './list.ts'
export { pruneDomains } from './prune.ts'
export { removeDomain } from './remove.ts'
export {
  createDomainInput,
  checkedRecordSchema,
  dnsRecordSchema,
  domainIdInput,
  domainSchema,
  listDomainRecordsInput,
  listDomainsInput,
  updateDomainInput,
  verificationSchema,
  type CheckedRecordWire,
  type DnsRecordWire,
  type DomainWire,
  type VerificationWire,
} from './schemas.ts'
export { checkSenderRules } from './sender-check.ts'
export { updateDomain } from './update.ts'
export { verifyDomain } from './verify.ts'
export { getDomainZone } from './zone.ts'
