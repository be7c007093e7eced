import type { Runtime } from '../context.ts'
import { checkHealth, type Health } from '../services/health/index.ts'
import { jsonAnswer } from './answer.ts'
import { docsDocument, docsPage, docsScript } from './docs.ts'

/** A public REST route that is not a procedure. */
export interface OpenRoute {
  method: 'GET'
  pattern: `/${string}`
  handle: (request: Request) => Response | Promise<Response>
}

/** Health (`createHealthAnswers`), the OpenAPI document and its page. `docsScriptPath` is the file with the page's script. */
export const openRoutes = (health: () => Promise<Response>, docsScriptPath: string | null): readonly OpenRoute[] => [
  { method: 'GET', pattern: '/openapi.json', handle: docsDocument() },
  { method: 'GET', pattern: '/docs', handle: docsPage },
  { method: 'GET', pattern: '/docs/reference.js', handle: docsScript(docsScriptPath) },
  { method: 'GET', pattern: '/health', handle: health },
]

/**
 * Makes the answers with the health: 503 if something is unavailable, otherwise 200, even for a full disk, which stops only mail. Whoever
 * asks while it is found out gets that answer.
 */
export const createHealthAnswers = (runtime: Runtime): (() => Promise<Response>) => {
  let checked: Promise<Health> | null = null
  return async () => {
    checked ??= checkHealth(runtime).finally(() => (checked = null))
    const health = await checked
    return jsonAnswer(health.status === 'unavailable' ? 503 : 200, { data: health })
  }
}
