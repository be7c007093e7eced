// Traces the system calls of a server that receives messages, and checks that each 250 came after, in this order: the
// object's bytes synced, the object renamed into place, its directory synced, and the database commit
// (SQLite: a sync of the write-ahead log; PostgreSQL: the COMMIT, with synchronous_commit on).
// Linux with strace: `npm run bench -- faults/order [messages] [postgres URL]`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const [count = '1000', postgres] = process.argv.slice(2)
const SENDERS = 10
const entry = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mairust-order-'))
const trace = join(folder, 'trace')

const calls = 'fsync,fdatasync,rename,renameat,renameat2,write,writev,pwrite64,sendto,sendmsg'
const port = (name) => ({ [`MAIRUST_${name}__PORT`]: '0', [`MAIRUST_${name}__HOST`]: '127.0.0.1' })
const server = spawn(
  'strace',
  ['-f', '-y', '-s', '600', '-e', `trace=${calls}`, '-o', trace, process.execPath, entry, 'start'],
  {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      UV_USE_IO_URING: '0',
      MAIRUST_ROLES: 'mx',
      // As in a closed network: nobody can be asked who may send.
      MAIRUST_DNS__SERVERS: '127.0.0.1:9',
      MAIRUST_AUTH__DMARC__ENFORCE: 'false',
      MAIRUST_SERVER__DATA_DIR: join(folder, 'data'),
      MAIRUST_ADMIN_EMAIL: 'admin@local.example',
      MAIRUST_ADMIN_PASSWORD: 'correct horse battery',
      ...(postgres === undefined ? {} : { DATABASE_URL: postgres }),
      ...port('SMTP__INBOUND'),
      ...port('OPS'),
    },
  },
)
const [, smtpPort] = await said(/^smtp .*:(\d+)$/)
let left = Number(count)
await Promise.all(Array.from({ length: SENDERS }, () => send(Number(smtpPort))))
// Signal the server itself: strace would detach from it.
process.kill(Number(readFileSync(join(folder, 'data', 'mairust.pid'), 'utf8')), 'SIGTERM')
await once(server, 'close')
const problems = await check()
for (const problem of problems.slice(0, 20)) console.error(problem)
rmSync(folder, { recursive: true, force: true })
if (problems.length > 0) process.exitCode = 1

/** Waits for a line on the server's stderr. */
async function said(pattern) {
  const lines = createInterface({ input: server.stderr })
  for await (const line of lines) {
    const match = pattern.exec(line)
    if (match !== null) {
      server.stderr.resume()
      return match
    }
    console.error(line)
  }
  throw new Error('the server exited before it listened')
}

/** Sends messages over one connection until all are sent. */
async function send(smtp) {
  const socket = connect(smtp, '127.0.0.1')
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]()
  const reply = async () => {
    for (;;) {
      const { value, done } = await replies.next()
      if (done) throw new Error('the server closed the connection')
      if (/^\d{3} /.test(value)) return value
    }
  }
  const say = async (line) => {
    socket.write(`${line}\r\n`)
    return reply()
  }
  await reply()
  await say('EHLO order.example')
  while (left > 0) {
    left -= 1
    await say('MAIL FROM:<a@remote.example>')
    await say('RCPT TO:<admin@local.example>')
    await say('DATA')
    const answer = await say(`Subject: ${left}\r\n\r\n${'x'.repeat(70)}\r\n.`)
    if (!answer.startsWith('250')) throw new Error(answer)
  }
  socket.end('QUIT\r\n')
}

/** Reads the trace and returns what was out of order. */
async function check() {
  const draft = new Map() // temporary file → { journey, synced }
  const object = new Map() // journey → { directory, synced, placed, directorySynced, committed }
  const byDirectory = new Map()
  const begun = new Map() // thread → the call it has not finished
  const problems = []
  let answers = 0
  for await (const line of createInterface({ input: createReadStream(trace) })) {
    const [, thread, rest] = /^(\d+) +(\S.*)$/s.exec(line) ?? []
    if (rest === undefined) continue
    // strace splits a call in two when threads overlap: it counts as begun at the first part and done at the second.
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(thread, rest)
      start(rest)
      continue
    }
    if (rest.startsWith('<... ')) {
      finish(begun.get(thread) ?? '')
      begun.delete(thread)
      continue
    }
    start(rest)
    finish(rest)
  }
  console.log(
    `${answers} replies of 250 checked on ${postgres === undefined ? 'sqlite' : 'postgres'}, ${problems.length} out of order`,
  )
  if (answers < Number(count)) problems.push(`only ${answers} of ${count} replies were seen`)
  return problems

  function start(call) {
    const answer =
      /^(?:write|writev|sendto|sendmsg)\(\d+<(?:TCP|socket)[^>]*>.*"250 2\.0\.0 Accepted (jrn_\w{26})/.exec(call)
    if (answer !== null) {
      answers += 1
      const state = object.get(answer[1])
      const missing = ['synced', 'placed', 'directorySynced', 'committed'].filter((step) => state?.[step] !== true)
      if (missing.length > 0) problems.push(`${answer[1]}: 250 before ${missing.join(', ')}`)
      return
    }
    const sync = /^f(?:data)?sync\(\d+<([^>]+)>/.exec(call)
    // A directory sync covers renames done before it began.
    if (sync !== null) for (const state of byDirectory.get(sync[1]) ?? []) state.syncBegun ||= state.placed
    if (sync?.[1].endsWith('-wal') || /"[^"]*commit/i.test(call)) {
      for (const state of object.values()) state.commitBegun ||= state.directorySynced
    }
  }

  function finish(call) {
    const write = /^(?:write|pwrite64|writev)\(\d+<([^>]*\/tmp\/[0-9a-f-]{36})>.*? id (jrn_\w{26})/s.exec(call)
    if (write !== null) draft.set(write[1], { journey: write[2], synced: false })
    const sync = /^f(?:data)?sync\(\d+<([^>]+)>/.exec(call)
    if (sync !== null) {
      const known = draft.get(sync[1])
      if (known !== undefined) known.synced = true
      for (const state of byDirectory.get(sync[1]) ?? []) if (state.syncBegun) state.directorySynced = true
      byDirectory.set(
        sync[1],
        (byDirectory.get(sync[1]) ?? []).filter((state) => !state.directorySynced),
      )
    }
    if (sync?.[1].endsWith('-wal') || /"[^"]*commit/i.test(call)) {
      for (const state of object.values()) state.committed ||= state.commitBegun
    }
    const rename = /^rename(?:at2?)?\((?:AT_FDCWD[^,]*, )?"([^"]+)", (?:AT_FDCWD[^,]*, )?"([^"]+)"/.exec(call)
    const known = rename && draft.get(rename[1])
    if (known) {
      const directory = rename[2].slice(0, rename[2].lastIndexOf('/'))
      const state = {
        synced: known.synced,
        placed: true,
        syncBegun: false,
        directorySynced: false,
        commitBegun: false,
        committed: false,
      }
      object.set(known.journey, state)
      byDirectory.set(directory, [...(byDirectory.get(directory) ?? []), state])
      draft.delete(rename[1])
    }
  }
}
