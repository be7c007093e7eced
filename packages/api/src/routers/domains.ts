import * as domain from '../services/domain/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { deleted, deletedOutput, listOutput, one } from '../wire/index.ts'

const tag = 'Domains'

export const domains = t.router({
  list: procedure('domain:read', { method: 'GET', path: '/domains', tag, summary: 'List domains' })
    .input(domain.listDomainsInput)
    .output(listOutput(domain.domainSchema))
    .query(({ ctx, input }) => domain.listDomains({ ctx: ctx.service, input })),

  create: procedure('domain:write', { method: 'POST', path: '/domains', tag, summary: 'Add a domain', status: 201 })
    .input(domain.createDomainInput)
    .output(one(domain.domainSchema))
    .mutation(async ({ ctx, input }) => ({ data: await domain.createDomain({ ctx: ctx.service, input }) })),

  get: procedure('domain:read', { method: 'GET', path: '/domains/{id}', tag, summary: 'Get a domain' })
    .input(domain.domainIdInput)
    .output(one(domain.domainSchema))
    .query(async ({ ctx, input }) => ({ data: await domain.getDomain({ ctx: ctx.service, input }) })),

  update: procedure('domain:write', { method: 'PATCH', path: '/domains/{id}', tag, summary: 'Change a domain' })
    .input(domain.updateDomainInput)
    .output(one(domain.domainSchema))
    .mutation(async ({ ctx, input }) => ({ data: await domain.updateDomain({ ctx: ctx.service, input }) })),

  remove: procedure('domain:write', { method: 'DELETE', path: '/domains/{id}', tag, summary: 'Remove a domain' })
    .input(domain.domainIdInput)
    .output(deletedOutput)
    .mutation(async ({ ctx, input }) => {
      await domain.removeDomain({ ctx: ctx.service, input })
      return deleted(input.id)
    }),

  dns: procedure('domain:read', {
    method: 'GET',
    path: '/domains/{id}/dns',
    tag,
    summary: 'List the DNS records a domain needs',
  })
    .input(domain.listDomainRecordsInput)
    .output(listOutput(domain.dnsRecordSchema))
    .query(({ ctx, input }) => domain.listDomainRecords({ ctx: ctx.service, input })),

  verify: procedure('domain:write', {
    method: 'POST',
    path: '/domains/{id}/verification',
    tag,
    summary: 'Look for the proof of ownership and activate the domain',
  })
    .input(domain.domainIdInput)
    .output(one(domain.verificationSchema))
    .mutation(async ({ ctx, input }) => ({ data: await domain.verifyDomain({ ctx: ctx.service, input }) })),
})
