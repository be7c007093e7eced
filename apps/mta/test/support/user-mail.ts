import { loadConfig } from '@mairust/config'
import type { Database } from '@mairust/db'
import { createMessageIndexer, createReturnedReader, startPreparer } from '@mairust/intake'
import { createLog } from '@mairust/log'
import { afterAll, afterEach, beforeEach, expect } from 'vitest'
import { reporting } from '../../src/jobs/reports.ts'
import { readingReturned } from '../../src/returned/job.ts'
import { useDeliveryBench } from './delivery.ts'
import { QueueBench } from './engine.ts'
import { journeyIn, MASTER_KEY, messagesOf } from './server.ts'
import { useServerOn } from './suite.ts'

/** A server with a user, a queue over its database, and the remotes that it sends to. */
export function useUserMail(get: () => Database) {
  const bench = useDeliveryBench()
  const { server, world } = useServerOn(get)
  let open: ReturnType<typeof startPreparer> | null = null
  const reader = createReturnedReader()
  const indexer = createMessageIndexer()
  afterAll(() => Promise.all([open?.close(), reader.close(), indexer.close()]))
  const preparer = () => (open ??= startPreparer(server().config.storage))
  let queue: QueueBench | null = null
  beforeEach(async () => {
    queue = await QueueBench.open(get(), bench())
    queue.blobs = server().blobs
    queue.scope = world().scope
  })
  afterEach(() => queue?.close())
  const theQueue = () => {
    if (queue === null) throw new Error('the queue is available in tests only')
    return queue
  }

  /** Sends a message as our user does. Each recipient may have parameters. */
  const submit = async (
    to: readonly string[],
    { subject = 'Plans', mailParams = '', header = '', body = 'Hi' } = {},
  ) => {
    const client = await server().loggedIn(world().user)
    const replies = [await client.command(`MAIL FROM:<${world().address}>${mailParams}`)]
    for (const one of to) replies.push(await client.command(`RCPT TO:${one}`))
    await client.command('DATA')
    const text = `From: <${world().address}>\r\nTo: all@far.example\r\nBcc: secret@remote.test\r\n${header}Subject: ${subject}\r\n\r\n${body}\r\n.`
    const accepted = await client.command(text)
    client.destroy()
    expect([...replies, accepted].map((reply) => reply.slice(0, 3))).toEqual(['250', ...to.map(() => '250'), '250'])
    return journeyIn(accepted)
  }

  /** Sends to these, who get it, and returns the envelope sender that their server saw, and the journey. */
  const send = async (to: readonly string[], options: Parameters<typeof submit>[1] = {}) => {
    const remote = await bench().mx()
    theQueue().start()
    const id = await submit(
      to.map((name) => `<${name}@remote.test>`),
      options,
    )
    await theQueue().until(...to.map((name) => `${name} delivered`))
    return { id, path: /<(.*)>/.exec(remote.commands[1] ?? '')?.[1] ?? '', remote }
  }

  /** Runs the job that tells senders. */
  const report = async () => {
    const { config } = loadConfig({ env: { MAIRUST_SERVER__HOSTNAME: 'mx.our.test' } })
    const { handlers } = reporting({
      config: () => config,
      database: get(),
      blobs: server().blobs,
      preparer: preparer(),
      log: createLog({ level: 'silent', format: 'json', component: 'mta' }),
      now: () => new Date(theQueue().now()),
    })
    const run = { id: '1', attempt: 1, signal: new AbortController().signal }
    for (const handler of handlers) await handler.run({}, run)
  }

  /** Runs the job that reads what came back. */
  const readReturned = async () => {
    const { handlers } = readingReturned({
      config: () => server().config,
      masterKey: MASTER_KEY,
      database: get(),
      blobs: server().blobs,
      reader,
      indexer,
      log: createLog({ level: 'silent', format: 'json', component: 'mta' }),
      now: () => new Date(theQueue().now()),
    })
    const run = { id: '1', attempt: 1, signal: new AbortController().signal }
    for (const handler of handlers) await handler.run({}, run)
  }

  /** Sends mail from another server to port 25, from `<>` unless said otherwise. Returns the last reply. */
  const comeBack = async (to: string, text: string | Buffer, from = '') => {
    const client = await server().client()
    const raw = Buffer.from(text).toString('latin1').replaceAll(/\r?\n/g, '\r\n').replaceAll(/^\./gm, '..')
    const reply = await client.send(to, Buffer.from(raw, 'latin1'), from)
    client.destroy()
    return reply
  }

  /** The messages in the user's mailbox, oldest first. */
  const inbox = async () => {
    const rows = await messagesOf(get(), world().mailbox.id)
    return Promise.all(rows.map(async ({ blobKey }) => (await server().blobs.read(blobKey)).toString()))
  }

  /** The recipients of a journey, as in `a delivered`. */
  const statuses = async (id: string) => {
    const { journeyRecipients: r } = get().db.tables
    const rows = (await get().db.select().from(r)).filter(({ journeyId }) => journeyId === id)
    return rows.map(({ address, status }) => `${address.split('@')[0] ?? ''} ${status}`).sort()
  }

  return { bench, server, world, queue: theQueue, submit, send, report, readReturned, comeBack, inbox, statuses }
}

/** What another server writes when it could not deliver after all. */
export const bounce = (address: string, said = '550 5.1.1 no such user', action = 'failed') =>
  `From: Mail Delivery System <MAILER-DAEMON@far.example>
To: whom@it.concerns
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; inner.remote.test

Final-Recipient: rfc822; ${address}
Action: ${action}
Status: ${/\d\.\d\.\d/.exec(said)?.[0] ?? '5.0.0'}
Remote-MTA: dns; inner.remote.test
Diagnostic-Code: smtp; ${said}
--b--
`

/** A return path that was changed by one letter. */
export const altered = (path: string) => path.replace(/.(?=@)/, (last) => (last === '2' ? '3' : '2'))
