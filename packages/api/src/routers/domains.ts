import * as dkim from '../services/dkim/index.ts'
import * as domain from '../services/domain/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Domains'

export const domains = t.router({
  list: list(domain.listDomains, { path: '/domains', tag, summary: 'List domains' }),

  create: mutation(domain.createDomain, {
    method: 'POST',
    path: '/domains',
    tag,
    summary: 'Add a domain',
    status: 201,
  }),

  get: query(domain.getDomain, { path: '/domains/{id}', tag, summary: 'Get a domain' }),

  update: mutation(domain.updateDomain, { method: 'PATCH', path: '/domains/{id}', tag, summary: 'Change a domain' }),

  remove: mutation(domain.removeDomain, { method: 'DELETE', path: '/domains/{id}', tag, summary: 'Remove a domain' }),

  dns: list(domain.listDomainRecords, {
    path: '/domains/{id}/dns',
    tag,
    summary: 'List the DNS records that a domain needs',
  }),

  senderCheck: query(domain.checkSenderRules, {
    path: '/domains/{id}/sender-check',
    tag,
    summary: 'Check a domain against what the big providers demand of senders',
  }),

  dkim: list(dkim.listDkimKeys, {
    path: '/domains/{id}/dkim',
    tag,
    summary: 'List the keys that sign the mail of a domain',
  }),

  rotateDkim: mutation(dkim.rotateDkimKeys, {
    method: 'POST',
    path: '/domains/{id}/dkim/rotation',
    tag,
    summary: 'Make new keys, which replace the present ones when their records are in DNS',
  }),

  activateDkim: mutation(dkim.activateDkimKeys, {
    method: 'POST',
    path: '/domains/{id}/dkim/activation',
    tag,
    summary: 'Look up the records of pending keys and let those sign that are published',
  }),

  verify: mutation(domain.verifyDomain, {
    method: 'POST',
    path: '/domains/{id}/verification',
    tag,
    summary: 'Check the proof of ownership in DNS and activate the domain',
  }),
})
