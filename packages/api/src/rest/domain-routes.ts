import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { getDomainZone } from '../services/domain/index.ts'
import type { RawRoute } from './raw-route.ts'

/** The route of a domain that does not answer with JSON: its zone file. */
export const domainRoutes: readonly RawRoute[] = [
  {
    method: 'GET',
    pattern: '/domains/{id}/zone',
    verb: getDomainZone,
    tag: 'Domains',
    operationId: 'domains-zone',
    summary: 'Download the DNS records that a domain needs as a zone file',
    contentType: 'text/plain',
    open: async ({ ctx, params }) => {
      const { name, zone } = await getDomainZone(ctx, { id: params['id'] ?? '' })
      const bytes = Buffer.from(zone)
      return {
        name: `${name}.zone`,
        type: 'text/plain; charset=utf-8',
        size: bytes.length,
        etag: createHash('sha256').update(bytes).digest('base64url'),
        open: (range) =>
          Promise.resolve(Readable.from([range === undefined ? bytes : bytes.subarray(range.start, range.end + 1)])),
      }
    },
  },
]
