import { addressesTopic, mailboxesTopic, mailboxOfTopic, tenantTopic } from '@mairust/db'
import { findMailboxId } from '@mairust/db/queries/mailbox-address'
import { type Actor, requirePermission } from './access/index.ts'
import { resolveActor, resolveCaller, unauthorized } from './auth/resolve-actor.ts'
import type { Runtime } from './context.ts'
import { AppError } from './errors.ts'
import { openEventStream } from './event-stream.ts'
import { clientAddress, type RequestInfo } from './http/client.ts'
import { refuseForeignOrigin } from './http/csrf.ts'
import { newRequestId } from './http/open-request.ts'
import { errorAnswer } from './rest/answer.ts'
import { mailScope } from './services/message/internal.ts'
import { toAppError } from './trpc/errors.ts'

/** Maximum number of open streams of one user. */
const MAX_STREAMS = 20
const HEARTBEAT_MS = 15_000
const RECHECK_MS = 30_000

export type EventsOptions = {
  runtime: Runtime
  heartbeatMs?: number | undefined
  recheckMs?: number | undefined
}

/**
 * Makes the handler of the event stream (`text/event-stream`). It sends an event `mailbox` with `{"mailbox_id"}` for each change in a
 * mailbox that the user may see, and with `{}` if the page should reload everything, because the tenant's tags changed or events may
 * have been missed. A stream ends when the client disconnects or is no longer signed in. `close` ends all streams.
 */
export function createEvents({ runtime, heartbeatMs = HEARTBEAT_MS, recheckMs = RECHECK_MS }: EventsOptions) {
  /** The functions that end the open streams, by user. */
  const open = new Map<string, Set<() => void>>()

  async function handle(request: Request, info?: RequestInfo): Promise<Response> {
    try {
      return new Response(await start(request, info), {
        headers: {
          'Content-Type': 'text/event-stream; charset=utf-8',
          'Cache-Control': 'no-store, no-transform',
          'X-Accel-Buffering': 'no',
          'X-Content-Type-Options': 'nosniff',
        },
      })
    } catch (thrown) {
      return errorAnswer(toAppError(thrown), newRequestId())
    }
  }

  async function start(request: Request, info: RequestInfo | undefined): Promise<ReadableStream<Uint8Array> | null> {
    const credentials = {
      authorization: request.headers.get('authorization'),
      cookie: request.headers.get('cookie'),
      ip: clientAddress(request, info, runtime.config.web.trusted_proxies),
    }
    refuseForeignOrigin(request, runtime.config.server.public_url)
    // An open page is not a use of its session, which still ends when the user is idle for long.
    const whoListens = () => resolveActor(runtime, credentials, { isUse: false })
    const caller = await resolveCaller(runtime, credentials, { isUse: false })
    let { actor } = caller
    if (actor === null) throw unauthorized(caller.problem)
    requirePermission({ actor }, 'message:read')
    const { tenantId, role } = actor
    const user = `${tenantId} ${actor.userId ?? ''}`
    const streams = open.get(user) ?? new Set()
    if (streams.size >= MAX_STREAMS) {
      throw new AppError('RATE_LIMITED', 'Too many streams are open.', { retryAfter: 10 })
    }
    if (request.method === 'HEAD') return null
    const { body, end } = openEventStream({
      subscribe: ({ mailbox, login }) => {
        const stops = [
          runtime.changes.subscribe(mailboxesTopic(tenantId), (topic) => mailbox(mailboxOfTopic(topic))),
          runtime.changes.subscribe(tenantTopic('tags', tenantId), () => mailbox(null)),
          runtime.changes.subscribe(tenantTopic('logins', tenantId), login),
          runtime.changes.subscribe(tenantTopic('users', tenantId), login),
          runtime.changes.subscribe(tenantTopic('addresses', tenantId), login),
          runtime.changes.subscribe(addressesTopic(tenantId), login),
        ]
        return () => stops.forEach((stop) => stop())
      },
      mayHear: async (mailboxId) => actor !== null && isVisible(actor, mailboxId),
      mayListen: async () => {
        actor = await whoListens()
        // With another role the page must reload everything.
        return actor?.role === role && mayRead(actor)
      },
      heartbeatMs,
      recheckMs,
      onEnd: () => {
        streams.delete(end)
        if (streams.size === 0) open.delete(user)
      },
    })
    streams.add(end)
    open.set(user, streams)
    request.signal.addEventListener('abort', end, { once: true })
    if (request.signal.aborted) end()
    return body
  }

  /** Whether the actor may see a mailbox. An actor who sees all mailboxes sees only those of its own tenant. */
  async function isVisible(actor: Actor, mailboxId: string): Promise<boolean> {
    const scope = mailScope({ actor })
    if (scope.mailboxIds !== 'all' && !('except' in scope.mailboxIds)) return scope.mailboxIds.includes(mailboxId)
    return (await findMailboxId(runtime.db, scope, { id: mailboxId })) !== null
  }

  return {
    handle,
    close: () => {
      for (const end of [...open.values()].flatMap((streams) => [...streams])) end()
    },
  }
}

function mayRead(actor: Actor): boolean {
  return actor.permissions.has('message:read')
}
