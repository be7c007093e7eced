import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ENTRY = fileURLToPath(new URL('./run.ts', import.meta.url))

/** A running server process. */
export interface ServerProcess {
  readonly child: ChildProcess
  /** The lines it printed when ready, by first word: `smtp` → `127.0.0.1:2525`. */
  readonly says: ReadonlyMap<string, string>
  port(name: string): number
  /** Resolves with the exit code or signal. */
  readonly ended: Promise<number | string>
  readonly log: string[]
}

/** Environment of a server without the web application, on free ports, with its data in `folder`. */
export function serverEnvironment(folder: string, more: Record<string, string> = {}): Record<string, string> {
  const ports = ['SMTP__INBOUND', 'SMTP__SUBMISSION', 'SMTP__SUBMISSIONS', 'OPS', 'WEB']
  return {
    PATH: process.env['PATH'] ?? '',
    MAIRUST_CONFIG: '',
    MAIRUST_SERVER__DATA_DIR: `${folder}/data`,
    MAIRUST_SERVER__HOSTNAME: 'mx.test.example',
    MAIRUST_ROLES: 'mx,submission',
    // As in a closed network: nobody can be asked who may send.
    MAIRUST_DNS__SERVERS: '127.0.0.1:9',
    MAIRUST_AUTH__DMARC__ENFORCE: 'false',
    MAIRUST_LOGGING__LEVEL: 'warn',
    MAIRUST_ADMIN_EMAIL: 'admin@local.example',
    MAIRUST_ADMIN_PASSWORD: 'correct horse battery',
    ...Object.fromEntries(
      ports.flatMap((name) => [
        [`MAIRUST_${name}__PORT`, '0'],
        [`MAIRUST_${name}__HOST`, '127.0.0.1'],
      ]),
    ),
    ...more,
  }
}

/**
 * Starts a server and waits until it is ready.
 * @param stdout a file descriptor for its log; otherwise `log` has the lines
 * @throws Error with its output when it exits instead
 */
export async function startProcess(
  env: Record<string, string>,
  cwd: string,
  entry = ENTRY,
  stdout: number | 'pipe' = 'pipe',
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [entry], { env, cwd, stdio: ['ignore', stdout, 'pipe'] })
  const log: string[] = []
  const says = new Map<string, string>()
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1))
  })
  if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => log.push(line))
  const ready = new Promise<void>((resolve) => {
    if (child.stderr === null) throw new Error('it has no stderr')
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line)
      const [word = '', ...rest] = line.split(' ')
      says.set(word, rest.join(' '))
      if (word === 'ops') resolve()
    })
  })
  const failed = await Promise.race([ready.then(() => null), ended])
  if (failed !== null) throw new Error(`ended with ${failed}:\n${log.join('\n')}`)
  return { child, says, ended, log, port: (name) => Number((says.get(name) ?? '').split(':').at(-1)) }
}
