import type { Runtime } from '../context.ts'
import { checkHealth } from '../services/health/index.ts'
import { jsonAnswer } from './answer.ts'
import { docsDocument, docsPage, docsScript } from './docs.ts'

/** A public REST route that is not a procedure. */
export interface OpenRoute {
  method: 'GET'
  pattern: `/${string}`
  handle: (request: Request) => Response | Promise<Response>
}

/** Health, the OpenAPI document and its page. `docsScriptPath` is the file with the page's script. */
export const openRoutes = (runtime: Runtime, docsScriptPath: string | null): readonly OpenRoute[] => [
  { method: 'GET', pattern: '/openapi.json', handle: docsDocument() },
  { method: 'GET', pattern: '/docs', handle: docsPage },
  { method: 'GET', pattern: '/docs/reference.js', handle: docsScript(docsScriptPath) },
  { method: 'GET', pattern: '/health', handle: () => answerHealth(runtime) },
]

/** Answers with the health: 503 if something is unavailable, otherwise 200, even for a full disk, which stops only mail. */
export const answerHealth = async (runtime: Runtime): Promise<Response> => {
  const health = await checkHealth(runtime)
  return jsonAnswer(health.status === 'unavailable' ? 503 : 200, { data: health })
}
