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

/** Read by server.mjs, which is not bundled with this: the figures for the ops port, what to end on SIGTERM. */
const METRICS = Symbol.for('mairust.metrics')
const CLOSE = Symbol.for('mairust.close')
/** Read by it too: whether this is served over https. */
const PUBLIC_URL = Symbol.for('mairust.publicUrl')
/** And what it asks before it passes a request on. */
const FRONT = Symbol.for('mairust.front')
/** Set by server.mjs: the file of the reference page's program, and the configuration that the mail server tells. */
const DOCS_SCRIPT = Symbol.for('mairust.docs')
const SETTINGS = Symbol.for('mairust.settings')

type Process = {
  [METRICS]: Api['metrics']['registry'] | undefined
  [CLOSE]: Api['close'] | undefined
  [PUBLIC_URL]: string | undefined
  [FRONT]: WebFront | undefined
  [DOCS_SCRIPT]: string | undefined
  /** `changed` is called when a reload has changed it. */
  [SETTINGS]: { readonly config: Config; changed: (config: Config) => void } | undefined
}

// One per process: the bundler may load this module more than once.
const holder = globalThis as unknown as Process

/**
 * The API of this process, with the mail server's configuration; the development server reads its own.
 * A start that failed, for instance while the database is away, is tried again by the next request.
 */
export function getApi(): Promise<Api> {
  const made = (apiHolder[API] ??= open())
  made.catch(() => {
    if (apiHolder[API] === made) apiHolder[API] = undefined
  })
  return made
}

/** A route that hands its requests to one of the API's handlers. */
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

/** Next answers HEAD by the handler of GET but reads no body: files, streams and turns would be held for nobody. */
async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel()
  return new Response(null, response)
}

async function open(): Promise<Api> {
  const settings = holder[SETTINGS]
  const config = settings?.config ?? loadConfig().config
  // Before the database: what it refuses needs none.
  holder[FRONT] ??= createWebFront(() => settings?.config ?? config)
  const api = await createApiFromConfig(config, { docsScriptPath: holder[DOCS_SCRIPT] ?? null })
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
