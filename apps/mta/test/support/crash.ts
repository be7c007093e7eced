import { createHash, randomInt } from 'node:crypto'
import { join } from 'node:path'
import { type DatabaseOptions, openDatabase } from '@mairust/db'
import { fsBlobStore } from '@mairust/db/blob'
import { RawClient } from './client.ts'
import { serverEnvironment, startProcess } from './process.ts'

export interface CrashOptions {
  readonly database: DatabaseOptions
  readonly folder: string
  readonly kills: number
  readonly senders: number
  /** Most messages acknowledged before each kill. */
  readonly most: number
  readonly report?: ((line: string) => void) | undefined
}

export interface CrashResult {
  readonly acknowledged: number
  readonly rows: number
  /** Acknowledged messages without a row. */
  readonly lost: string[]
  /** Rows whose object is missing or differs from what was sent. */
  readonly damaged: string[]
  /** Messages stored more than once although their sender got one 250. */
  readonly doubled: string[]
  readonly slowestStartMs: number
}

const TO = 'admin@local.example'

/** Kills a server with SIGKILL at random moments under load, restarts it each time, and compares what it stored with what it acknowledged. */
export async function crash(options: CrashOptions): Promise<CrashResult> {
  const { database, folder, kills, senders, most } = options
  const url = database.backend === 'sqlite' ? `sqlite:${database.path}` : database.url
  const env = serverEnvironment(folder, { DATABASE_URL: url, MAIRUST_LOGGING__LEVEL: 'error' })
  const acknowledged = new Map<string, string>()
  let slowestStartMs = 0
  for (let round = 0; round <= kills; round += 1) {
    const began = performance.now()
    const server = await startProcess(env, folder)
    const readyMs = performance.now() - began
    slowestStartMs = Math.max(slowestStartMs, readyMs)
    const last = round === kills
    const enough = acknowledged.size + randomInt(most)
    const state = { stop: false }
    const onAcknowledged = (id: string, sha256: string): void => {
      acknowledged.set(id, sha256)
      if (acknowledged.size < enough || state.stop) return
      state.stop = true
      // At any moment, not just right after a reply.
      if (!last) setTimeout(() => server.child.kill('SIGKILL'), Math.random() * 30)
    }
    const port = server.port('smtp')
    const load = Array.from({ length: senders }, (_, sender) =>
      send(port, `${round}-${sender}`, onAcknowledged, last ? state : null),
    )
    await Promise.all(load)
    if (last) server.child.kill('SIGTERM')
    const end = await server.ended
    if (last && end !== 0) throw new Error(`ended with ${end}: ${server.log.join('\n')}`)
    options.report?.(`round ${round}: ready after ${Math.round(readyMs)} ms, ${acknowledged.size} acknowledged`)
  }
  return { ...(await compare(database, folder, acknowledged)), slowestStartMs }
}

/** Sends until the connection breaks or it is told to stop. */
async function send(
  port: number,
  name: string,
  onAcknowledged: (id: string, sha256: string) => void,
  state: { stop: boolean } | null,
): Promise<void> {
  const client = await RawClient.open(port).catch(() => null)
  for (let count = 0; client !== null && !client.closed && state?.stop !== true; count += 1) {
    const id = `${name}-${count}`
    const body = `${id} ${'x'.repeat(60)}\r\n`.repeat(count % 25 === 24 ? 6000 : 1 + randomInt(60))
    const message = `From: a@remote.example\r\nSubject: ${id}\r\nMessage-ID: <${id}@remote.example>\r\n\r\n${body}`
    if (!(await client.upToData(TO)).startsWith('354')) break
    await client.write(message)
    if ((await client.command('.')).startsWith('250')) onAcknowledged(id, digest(Buffer.from(message)))
  }
  client?.destroy()
}

async function compare(options: DatabaseOptions, folder: string, acknowledged: ReadonlyMap<string, string>) {
  const database = await openDatabase(options)
  const blobs = await fsBlobStore(join(folder, 'data', 'mail'))
  const { messages } = database.db.tables
  const rows = await database.db.select().from(messages)
  const seen = new Map<string, number>()
  const damaged: string[] = []
  for (const row of rows) {
    seen.set(row.subject, (seen.get(row.subject) ?? 0) + 1)
    const raw = await blobs.read(row.blobKey).catch(() => null)
    const from = raw?.indexOf('From: a@remote.example') ?? -1
    const wanted = acknowledged.get(row.subject)
    const whole = raw !== null && raw.length === row.size && digest(raw) === row.sha256
    if (!whole || (wanted !== undefined && digest(raw.subarray(from)) !== wanted)) damaged.push(row.subject)
  }
  await database.close()
  const ids = [...acknowledged.keys()]
  return {
    acknowledged: ids.length,
    rows: rows.length,
    lost: ids.filter((id) => !seen.has(id)),
    damaged,
    doubled: ids.filter((id) => (seen.get(id) ?? 0) > 1),
  }
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
