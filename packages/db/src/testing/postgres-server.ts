import { execFile, spawn } from 'node:child_process'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
const INSTALLED = '/usr/lib/postgresql'

/** A PostgreSQL server for tests. */
export interface TestServer {
  /** The URL of this database on it. */
  url(database: string): string
  stop(): Promise<void>
}

/** A server that can go down for a while; its data and its port stay. */
export interface OwnServer extends TestServer {
  down(): Promise<void>
  up(): Promise<void>
}

/**
 * The server at `url`, else one started in a temporary folder from the programs in `bin` or the installed ones; null without any.
 */
export async function startPostgres({
  url = '',
  bin,
}: {
  url?: string | undefined
  bin?: string | undefined
}): Promise<TestServer | null> {
  if (url !== '') return { url: (database) => withDatabase(url, database), stop: () => Promise.resolve() }
  return startOwnPostgres(bin)
}

/** Starts a server from the programs in `bin` or the installed ones; null without any. */
export async function startOwnPostgres(bin?: string): Promise<OwnServer | null> {
  const programs = bin ?? (await findInstalled())
  return programs === null ? null : startServer(programs)
}

function withDatabase(url: string, database: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${database}`
  return parsed.href
}

/** The folder with the programs of the newest installed PostgreSQL, or null. */
export async function findInstalled(): Promise<string | null> {
  const versions = await readdir(INSTALLED).catch(() => [])
  const newest = versions
    .map(Number)
    .filter(Number.isFinite)
    .sort((a, b) => b - a)[0]
  return newest === undefined ? null : join(INSTALLED, String(newest), 'bin')
}

/** PostgreSQL refuses to run as root: use its package's user, else nobody. */
async function serverUser(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null
  const idOf = (user: string) => Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
  const [{ stdout: uid }, { stdout: gid }] = await idOf('postgres').catch(() => idOf('nobody'))
  return { uid: Number(uid), gid: Number(gid) }
}

async function startServer(bin: string): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mairust-pg-'))
  const user = await serverUser()
  if (user !== null) await chown(folder, user.uid, user.gid)
  const as = { ...(user ?? {}), cwd: folder }
  const data = join(folder, 'data')
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'mairust', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    as,
  )
  const port = await freePort()
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'max_connections=300',
    // Tests kill processes, never the machine: nothing is lost, and databases are created quickly.
    'fsync=off',
  ]
  const url = (database: string): string => `postgres://mairust@127.0.0.1:${port}/${database}`
  let down = (): Promise<void> => Promise.resolve()
  const up = async (): Promise<void> => {
    const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
      ...as,
      stdio: 'ignore',
    })
    const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
    down = async () => {
      // Fast shutdown: closes connections.
      server.kill('SIGINT')
      await ended
    }
    await untilReady(url('postgres'), () => server.exitCode !== null)
  }
  const stop = async (): Promise<void> => {
    await down()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await up()
    return { url, stop, up, down: () => down() }
  } catch (error) {
    await stop()
    throw error
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => void server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function untilReady(url: string, dead: () => boolean): Promise<void> {
  const end = Date.now() + 30_000
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => undefined)
      if (dead() || Date.now() > end) throw error
    }
    await new Promise((resolve) => void setTimeout(resolve, 50))
  }
}
