import type { Permission } from '../access/index.ts'
import type { ServiceContext } from '../context.ts'
import type { RestFile } from './ranges.ts'

/**
 * A REST route whose answer is not JSON, so that no procedure can give it. It is matched, authorised, limited and
 * documented like the others.
 */
export interface RawRoute {
  method: 'GET'
  pattern: `/${string}`
  permission: Permission
  tag: string
  summary: string
  /** Media type of the answer, for the document. */
  contentType: string
  /** The file; how much of it is sent follows from the request. */
  open: (call: {
    ctx: ServiceContext
    params: Readonly<Record<string, string>>
    query: URLSearchParams
  }) => Promise<RestFile>
}
