import type { ServiceContext } from '../context.ts'
import type { AnyVerb } from '../verb/index.ts'
import type { RestFile } from './ranges.ts'

/**
 * A REST route whose answer is not JSON, so that it cannot be a procedure. It is matched, authorised, limited and
 * documented like the others.
 */
export interface RawRoute {
  method: 'GET'
  pattern: `/${string}`
  /** The verb that opens the file; it checks its permission itself. */
  verb: AnyVerb
  /** Its id in the OpenAPI document: kebab case, like those of procedures. */
  operationId: string
  tag: string
  summary: string
  /** Media type of the answer, for the document. */
  contentType: string
  /** Its query parameters, all of them booleans, with their descriptions. */
  query?: Readonly<Record<string, string>>
  /** Opens the file; the request determines which part of it is sent. */
  open: (call: {
    ctx: ServiceContext
    params: Readonly<Record<string, string>>
    query: URLSearchParams
  }) => Promise<RestFile>
}
