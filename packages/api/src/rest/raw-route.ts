import type { Permission } from '../access/index.ts'
import type { ServiceContext } from '../context.ts'

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
  handle: (call: {
    ctx: ServiceContext
    request: Request
    params: Readonly<Record<string, string>>
    query: URLSearchParams
  }) => Promise<Response>
}
