import { addressesTopic, mailboxesTopic, mailboxOfTopic, tenantTopic } from '@mairust/db'
import { findMailboxId } from '@mairust/db/queries/mailbox-address'
import type { Actor } from './access/index.ts'
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

/** Streams of one user, in all their tabs. */
const MAX_STREAMS = 20
const HEARTBEAT_MS = 15_000
const RECHECK_MS = 30_000

export type EventsOptions = {
  runtime: Runtime
  heartbeatMs?: number | undefined
  recheckMs?: number | undefined
}

/**
 * Makes the handler of the event stream (`text/event-stream`): an event `mailbox` with `{"mailbox_id"}` whenever something changed in a
 * mailbox that the signed-in user may see, and with `{}` when the tenant's tags are different or something may have been missed, and
 * all should be read again. Ends when the reader goes away or is no longer signed in. `close` ends every stream.
 */
export function createEvents({ runtime, heartbeatMs = HEARTBEAT_MS, recheckMs = RECHECK_MS }: EventsOptions) {
  /** What ends each open stream, by user. */
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
    // A page that is only open is not one that is used: its session still ends when nobody has done anything for long.
    const whoListens = () => resolveActor(runtime, credentials, { isUse: false })
    const caller = await resolveCaller(runtime, credentials, { isUse: false })
    let { actor } = caller
    if (actor === null) throw unauthorized(caller.problem)
    if (!mayRead(actor)) throw new AppError('FORBIDDEN', 'This needs the permission message:read.')
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
        // Under another role the page reads all anew.
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

  /** Whether a mailbox is one of the actor's; who sees all of a tenant sees none of another's. */
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
