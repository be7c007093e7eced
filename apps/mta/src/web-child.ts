import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { childEnvironment, type Config } from '@mairust/config'
import { relayOutput, type RootLog } from '@mairust/log'
import type { Samples } from './metrics.ts'
import { portError } from './listen.ts'

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000
/** A child that has lived this long was healthy; the next pause is short again. */
const HEALTHY = 60_000
const METRICS_WAIT = 2000
const END_WAIT = 12_000

/** The web application in a process of its own: a page cannot take port 25 down. */
export interface WebChild {
  /** Resolves with the port when the child first listens. Rejects when it ends by itself before: then a setting is wrong. */
  readonly started: Promise<number>
  readonly ready: boolean
  /** What its registry holds, nothing when it does not answer. */
  metrics(): Promise<Samples>
  /** Tells the child the configuration as it stands now, and so those that come after it. */
  reload(): void
  stop(): Promise<void>
}

export interface WebChildOptions {
  readonly config: () => Config
  readonly masterKey: Buffer
  readonly log: RootLog
  /** A child that ends after this is not started again. */
  readonly ending?: AbortSignal | undefined
  /** The web application's own entry; it lies beside this program, in the sources and in the bundle alike. */
  readonly entry?: string | undefined
}

type Message = { type?: unknown; port?: unknown; code?: unknown; id?: unknown; samples?: unknown }

/**
 * Starts the child and starts it again, with growing pauses, whenever it dies. It ends when our end of its channel closes. It is told
 * the configuration over the channel, so that no password and no key stands in its environment; what it prints goes into our log.
 */
export function startWebChild(options: WebChildOptions): WebChild {
  const { config, masterKey, entry = fileURLToPath(new URL('../../web/server.mjs', import.meta.url)) } = options
  const { host, port } = config().web
  const log = options.log.child('web')
  let child: ChildProcess | null = null
  let ready = false
  let stopping = false
  let pause = FIRST_PAUSE
  let timer: NodeJS.Timeout | null = null
  let questions = 0
  const answers = new Map<number, (samples: Samples) => void>()
  const { promise: started, resolve: tell, reject: fail } = Promise.withResolvers<number>()
  // Whoever waits for it is told; nobody need.
  started.catch(() => undefined)

  const tellConfig = (to: ChildProcess): void => {
    const now = config()
    const told: Config = {
      ...now,
      security: { ...now.security, master_key: masterKey.toString('base64') },
      // Its lines pass through our log, which has the form that is wanted.
      logging: { ...now.logging, format: 'json' },
    }
    // A child that is just ending cannot be told anything; the next one is.
    to.send({ type: 'config', config: told }, () => undefined)
  }

  function start(): void {
    const bornAt = performance.now()
    timer = null
    const born = fork(entry, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: childEnvironment() })
    child = born
    let reason = ''
    for (const output of [born.stdout, born.stderr]) if (output !== null) relayOutput(output, options.log, 'web')
    tellConfig(born)
    born.on('message', (message: Message) => {
      if (message.type === 'ready') {
        ready = true
        tell(typeof message.port === 'number' ? message.port : port)
      } else if (message.type === 'failed') {
        const error = portError(String(message.code), { setting: 'web.port', host, port })
        reason = error.message
        fail(error)
      } else if (message.type === 'metrics') {
        answers.get(Number(message.id))?.(message.samples as Samples)
      }
    })
    born.on('error', (error) => log.error({ err: error }, 'The web process could not be started'))
    born.once('close', (code, signal) => {
      ready = false
      child = null
      if (stopping) return
      if (code !== null)
        fail(new Error(`The web application could not be started (exit code ${code}); its log lines say why`))
      if (performance.now() - bornAt > HEALTHY) pause = FIRST_PAUSE
      const how = { code, signal, ...(reason === '' ? {} : { reason }), again_in_ms: pause }
      log.error(how, 'The web process ended and is started again; mail goes on')
      timer = setTimeout(start, pause)
      pause = Math.min(pause * 2, LONGEST_PAUSE)
    })
  }

  /** From now on nothing is started again. */
  const end = (): void => {
    stopping = true
    if (timer !== null) clearTimeout(timer)
    fail(new Error('the web application was told to end'))
  }
  options.ending?.addEventListener('abort', end, { once: true })
  start()
  return {
    started,
    get ready() {
      return ready
    },
    metrics: () => {
      if (child === null || !ready) return Promise.resolve([])
      const id = (questions += 1)
      const asked = child
      return new Promise((resolve) => {
        const end = (samples: Samples): void => {
          clearTimeout(limit)
          answers.delete(id)
          resolve(samples)
        }
        const limit = setTimeout(() => end([]), METRICS_WAIT)
        answers.set(id, end)
        asked.send({ type: 'metrics', id }, (error) => {
          if (error !== null) end([])
        })
      })
    },
    reload: () => {
      if (child !== null) tellConfig(child)
    },
    stop: async () => {
      end()
      options.ending?.removeEventListener('abort', end)
      const last = child
      if (last === null) return
      const ended = new Promise<void>((resolve) => last.once('close', () => resolve()))
      last.kill('SIGTERM')
      const kill = setTimeout(() => last.kill('SIGKILL'), END_WAIT)
      await ended
      clearTimeout(kill)
    },
  }
}
