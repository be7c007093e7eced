import {
  createApiFromConfig,
  createWebFront,
  type Api,
  type Handler,
  unavailableAnswer,
  type WebFront,
} from '@mairust/api'
import { type Config, loadConfig } from '@mairust/config'

import { API, apiHolder } from './api-holder.ts'
import { keepFraming } from './framing.ts'
import { pageSource } from './pages.ts'

// Read by server.mjs, which is not bundled with this: the metrics, what to close on SIGTERM, the public URL, and the checks that
// connections and requests must pass before Next gets them.
const METRICS = Symbol.for('mairust.metrics')
const CLOSE = Symbol.for('mairust.close')
const PUBLIC_URL = Symbol.for('mairust.publicUrl')
const FRONT = Symbol.for('mairust.front')
// Set by server.mjs: the script of the API reference page, the folder of Next's static files, and the configuration from the mail server.
const DOCS_SCRIPT = Symbol.for('mairust.docs')
const FILES = Symbol.for('mairust.files')
const SETTINGS = Symbol.for('mairust.settings')

type Process = {
  [METRICS]: Api['metrics']['registry'] | undefined
  [CLOSE]: Api['close'] | undefined
  [PUBLIC_URL]: string | undefined
  [FRONT]: WebFront | undefined
  [DOCS_SCRIPT]: string | undefined
  [FILES]: string | undefined
  /** server.mjs calls `changed` when a reload has changed the configuration. */
  [SETTINGS]: { readonly config: Config; changed: (config: Config) => void } | undefined
}

// Global, because the bundler may load this module more than once.
const holder = globalThis as unknown as Process

/**
 * The API of this process, with the mail server's configuration; the development server reads its own.
 * If opening it fails, for instance because the database is down, the next request tries again.
 */
export function getApi(): Promise<Api> {
  const api = (apiHolder[API] ??= open())
  api.catch(() => {
    if (apiHolder[API] === api) apiHolder[API] = undefined
  })
  return api
}

/** A route that passes its requests to one of the API's handlers. */
export function routeTo(name: 'rest' | 'trpc' | 'events' | 'health' | 'render' | 'imageProxy') {
  return async (request: Request): Promise<Response> => {
    let handler: Handler
    try {
      handler = (await getApi())[name]
    } catch (error) {
      return unavailableAnswer(error)
    }
    const response = await handler(request)
    return keepFraming(request.method === 'HEAD' ? await withoutBody(response) : response)
  }
}

/** Next answers HEAD with the GET handler but never reads the body, which would keep files, streams and queue places open. */
async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel()
  return new Response(null, response)
}

async function open(): Promise<Api> {
  const settings = holder[SETTINGS]
  const config = settings?.config ?? loadConfig().config
  // Before the database: what this refuses does not need it.
  const front = (holder[FRONT] ??= createWebFront({
    config: () => settings?.config ?? config,
    pages: pageSource,
    overLimit: async (request) => (await apiHolder[API])?.overLimit(request) ?? null,
    shortAnswer: async (request) => (await apiHolder[API])?.shortAnswer(request) ?? null,
    filesFolder: holder[FILES],
    stsPolicy: async (domain) => {
      const api = await apiHolder[API]
      if (api === undefined) throw new Error('The API is not open')
      return api.stsPolicy(domain)
    },
  }))
  const options = { docsScriptPath: holder[DOCS_SCRIPT] ?? null, known: front.known }
  const api = await createApiFromConfig(config, options)
  if (settings !== undefined) {
    settings.changed = api.reload
    // It may have changed while the API opened.
    api.reload(settings.config)
  }
  holder[METRICS] = api.metrics.registry
  holder[CLOSE] = api.close
  holder[PUBLIC_URL] = config.server.public_url
  return api
}
