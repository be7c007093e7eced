import type { ServiceContext } from '../context.ts'
import type { AnyVerb } from '../verb/index.ts'
import type { RestFile } from './ranges.ts'

/**
 * A REST route whose answer is not JSON, so that no procedure can give it. It is matched, authorised, limited and
 * documented like the others.
 */
export interface RawRoute {
  method: 'GET'
  pattern: `/${string}`
  /** The verb that opens the file; it looks at its permission itself. */
  verb: AnyVerb
  /** Its name in the document: kebab case, like those of procedures. */
  operationId: string
  tag: string
  summary: string
  /** Media type of the answer, for the document. */
  contentType: string
  /** Its parameters in the query, each true or false, and what they mean. */
  query?: Readonly<Record<string, string>>
  /** The file; how much of it is sent follows from the request. */
  open: (call: {
    ctx: ServiceContext
    params: Readonly<Record<string, string>>
    query: URLSearchParams
  }) => Promise<RestFile>
}
