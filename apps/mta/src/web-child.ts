import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { childEnvironment, type Config } from '@mairust/config'
import { relayErrors, relayOutput, type RootLog } from '@mairust/log'
import type { Samples } from './metrics.ts'
import { portError } from './listen.ts'

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000
/** A child that has lived this long was healthy; the backoff starts over. */
const HEALTHY = 60_000
const METRICS_WAIT = 2000
const END_WAIT = 12_000

/** The web application, in its own process so that a page cannot take port 25 down. */
export interface WebChild {
  /** Resolves with the port when the child first listens; rejects when it exits first, which means a wrong setting. */
  readonly started: Promise<number>
  readonly ready: boolean
  /** The child's metrics; empty when it does not answer. */
  metrics(): Promise<Samples>
  /** Sends the child the current configuration; its successors get it too. */
  reload(): void
  stop(): Promise<void>
}

export interface WebChildOptions {
  readonly config: () => Config
  readonly masterKey: Buffer
  readonly log: RootLog
  /** Once aborted, the child is not restarted. */
  readonly ending?: AbortSignal | undefined
  /** The web application's entry; it has the same relative path in the sources and in the bundle. */
  readonly entry?: string | undefined
}

type Message = { type?: unknown; port?: unknown; code?: unknown; id?: unknown; samples?: unknown }

/**
 * Starts the child, and restarts it with backoff whenever it dies. It exits when our end of the IPC channel closes. It gets its
 * configuration over that channel, which keeps passwords and keys out of its environment; its output goes into our log.
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
  // Nobody has to await it.
  started.catch(() => undefined)

  const tellConfig = (to: ChildProcess): void => {
    const now = config()
    const told: Config = {
      ...now,
      security: { ...now.security, master_key: masterKey.toString('base64') },
      // Its lines pass through our log, which formats them.
      logging: { ...now.logging, format: 'json' },
    }
    // Sending to an exiting child may fail; its successor gets the configuration.
    to.send({ type: 'config', config: told }, () => undefined)
  }

  function start(): void {
    const bornAt = performance.now()
    timer = null
    const born = fork(entry, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: childEnvironment() })
    child = born
    let reason = ''
    if (born.stdout !== null) relayOutput(born.stdout, options.log, 'web')
    if (born.stderr !== null) relayErrors(born.stderr, options.log, 'web')
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
        fail(new Error(`The web application could not be started (exit code ${code}); see its log lines`))
      if (performance.now() - bornAt > HEALTHY) pause = FIRST_PAUSE
      const how = { code, signal, ...(reason === '' ? {} : { reason }), again_in_ms: pause }
      log.error(how, 'The web process exited and will be restarted; mail is not affected')
      timer = setTimeout(start, pause)
      pause = Math.min(pause * 2, LONGEST_PAUSE)
    })
  }

  /** Stops restarting. */
  const end = (): void => {
    stopping = true
    if (timer !== null) clearTimeout(timer)
    fail(new Error('the web application was stopped'))
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
