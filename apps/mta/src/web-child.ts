import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { levelMessage, type Log } from '@mairust/log'

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
  /** The text of its registry, '' when it does not answer. */
  metrics(): Promise<string>
  /** Tells the child, and those that come after it. */
  setLogLevel(level: string): void
  stop(): Promise<void>
}

export interface WebChildOptions {
  readonly host: string
  readonly port: number
  readonly log: Log
  /** The web application's own entry; it lies beside this program, in the sources and in the bundle alike. */
  readonly entry?: string | undefined
}

type Message = { type?: unknown; port?: unknown; id?: unknown; text?: unknown }

/** Starts the child and starts it again, with growing pauses, whenever it dies. It ends when our end of its channel closes. */
export function startWebChild(options: WebChildOptions): WebChild {
  const { host, port, log, entry = fileURLToPath(new URL('../../web/server.mjs', import.meta.url)) } = options
  let child: ChildProcess | null = null
  let ready = false
  let stopping = false
  let pause = FIRST_PAUSE
  let timer: NodeJS.Timeout | null = null
  let questions = 0
  let logLevel: string | null = null
  const answers = new Map<number, (text: string) => void>()
  const { promise: started, resolve: tell, reject: fail } = Promise.withResolvers<number>()
  // Whoever waits for it is told; nobody need.
  started.catch(() => undefined)

  function start(): void {
    const bornAt = performance.now()
    timer = null
    const born = fork(entry, ['--host', host, '--port', String(port)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child = born
    born.on('message', (message: Message) => {
      if (message.type === 'ready') {
        ready = true
        if (logLevel !== null) born.send(levelMessage(logLevel), ignore)
        tell(typeof message.port === 'number' ? message.port : port)
      } else if (message.type === 'metrics') {
        answers.get(Number(message.id))?.(String(message.text))
      }
    })
    born.on('error', (error) => log.error({ err: error }, 'The web process could not be started'))
    born.once('close', (code, signal) => {
      ready = false
      child = null
      if (stopping) return
      if (code !== null)
        fail(new Error(`The web application could not be started (exit code ${code}); see the lines above`))
      if (performance.now() - bornAt > HEALTHY) pause = FIRST_PAUSE
      log.error({ code, signal, again_in_ms: pause }, 'The web process ended and is started again; mail goes on')
      timer = setTimeout(start, pause)
      pause = Math.min(pause * 2, LONGEST_PAUSE)
    })
  }

  start()
  return {
    started,
    get ready() {
      return ready
    },
    metrics: () => {
      if (child === null || !ready) return Promise.resolve('')
      const id = (questions += 1)
      const asked = child
      return new Promise((resolve) => {
        const end = (text: string): void => {
          clearTimeout(limit)
          answers.delete(id)
          resolve(text)
        }
        const limit = setTimeout(() => end(''), METRICS_WAIT)
        answers.set(id, end)
        asked.send({ type: 'metrics', id }, (error) => {
          if (error !== null) end('')
        })
      })
    },
    setLogLevel: (level) => {
      logLevel = level
      if (ready) child?.send(levelMessage(level), ignore)
    },
    stop: async () => {
      stopping = true
      if (timer !== null) clearTimeout(timer)
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

/** A child that is just ending cannot be told anything; the next one is. */
function ignore(): void {
  // Its end is noticed by itself.
}
