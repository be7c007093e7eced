import type { Runtime } from '../context.ts'
import { checkHealth } from '../services/health/index.ts'
import { jsonAnswer } from './answer.ts'
import { docsDocument, docsPage, docsScript } from './docs.ts'

/** A REST route that anybody may open and that is no procedure. */
export interface OpenRoute {
  method: 'GET'
  pattern: `/${string}`
  handle: (request: Request) => Response | Promise<Response>
}

/** Health, the OpenAPI document and its page. `docsScriptPath` is the file of the page's program. */
export const openRoutes = (runtime: Runtime, docsScriptPath: string | null): readonly OpenRoute[] => [
  { method: 'GET', pattern: '/openapi.json', handle: docsDocument() },
  { method: 'GET', pattern: '/docs', handle: docsPage },
  { method: 'GET', pattern: '/docs/reference.js', handle: docsScript(docsScriptPath) },
  { method: 'GET', pattern: '/health', handle: () => answerHealth(runtime) },
]

/** Health as an answer: 200, or 503 when something does not answer. A full disk stops mail, not the web: it is 200. */
export const answerHealth = async (runtime: Runtime): Promise<Response> => {
  const health = await checkHealth(runtime)
  return jsonAnswer(health.status === 'unavailable' ? 503 : 200, { data: health })
}
