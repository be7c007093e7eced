export { createDomain } from './create.ts'
export { listDomainRecords } from './dns.ts'
export { getDomain } from './get.ts'
export { listDomains } from './list.ts'
export { pruneDomains } from './prune.ts'
export { removeDomain } from './remove.ts'
export {
  createDomainInput,
  dnsRecordSchema,
  domainIdInput,
  domainSchema,
  listDomainRecordsInput,
  listDomainsInput,
  updateDomainInput,
  verificationSchema,
  type DnsRecordWire,
  type DomainWire,
  type VerificationWire,
} from './schemas.ts'
export { updateDomain } from './update.ts'
export { verifyDomain } from './verify.ts'
