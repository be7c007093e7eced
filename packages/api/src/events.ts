import { findMailboxId } from '@mairust/db/queries/mailbox-address'
import type { Actor } from './access/index.ts'
import { resolveActor } from './auth/resolve-actor.ts'
import type { Runtime } from './context.ts'
import { AppError } from './errors.ts'
import { clientAddress, type RequestInfo } from './http/client.ts'
import { refuseForeignOrigin } from './http/csrf.ts'
import { newRequestId } from './http/open-request.ts'
import { errorAnswer } from './rest/answer.ts'
import { mailScope } from './services/message/internal.ts'
import { toAppError } from './trpc/errors.ts'

const PREFIX = 'mailbox:'
/** Streams of one user, in all their tabs. */
const MAX_STREAMS = 20
const HEARTBEAT_MS = 15_000
const RECHECK_MS = 60_000
/** Changes in quick succession are told once. */
const GATHER_MS = 100

export type EventsOptions = {
  runtime: Runtime
  heartbeatMs?: number | undefined
  recheckMs?: number | undefined
  maxStreams?: number | undefined
}

/**
 * Makes the handler of the event stream (`text/event-stream`): an event `mailbox` with `{"mailbox_id"}` whenever something changed in a
 * mailbox that the signed-in user may see, and with `{}` when something may have been missed and all should be read again. Ends when
 * the reader goes away or is no longer signed in.
 */
export function createEvents(options: EventsOptions) {
  const { runtime, heartbeatMs = HEARTBEAT_MS, recheckMs = RECHECK_MS, maxStreams = MAX_STREAMS } = options
  const open = new Map<string, number>()
  const closers = new Set<() => void>()

  async function handle(request: Request, info?: RequestInfo): Promise<Response> {
    const credentials = {
      authorization: request.headers.get('authorization'),
      cookie: request.headers.get('cookie'),
      ip: clientAddress(request, info),
    }
    try {
      refuseForeignOrigin(request, runtime.config.server.public_url)
      const actor = await resolveActor(runtime, credentials)
      if (actor === null) throw new AppError('UNAUTHORIZED', 'Sign in, or send an API key.')
      if (!actor.permissions.has('message:read'))
        throw new AppError('FORBIDDEN', 'This needs the permission message:read.')
      const name = `${actor.tenantId} ${actor.userId ?? ''}`
      const count = open.get(name) ?? 0
      if (count >= maxStreams) throw new AppError('RATE_LIMITED', 'Too many streams are open.', { retryAfter: 10 })
      open.set(name, count + 1)
      const released = () => {
        const left = (open.get(name) ?? 1) - 1
        if (left > 0) open.set(name, left)
        else open.delete(name)
      }
      return new Response(
        stream(actor, () => resolveActor(runtime, credentials), request.signal, released),
        {
          headers: {
            'Content-Type': 'text/event-stream; charset=utf-8',
            'Cache-Control': 'no-store, no-transform',
            'X-Accel-Buffering': 'no',
            'X-Content-Type-Options': 'nosniff',
          },
        },
      )
    } catch (thrown) {
      return errorAnswer(toAppError(thrown), newRequestId())
    }
  }

  function stream(
    first: Actor,
    reload: () => Promise<Actor | null>,
    signal: AbortSignal,
    released: () => void,
  ): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder()
    let actor = first
    let end = () => {
      /* Set when the stream starts. */
    }
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        const changed = new Set<string>()
        let gather: NodeJS.Timeout | null = null
        let ended = false
        const send = (text: string) => {
          if (ended) return
          // A reader that takes nothing for long is not worth the memory; it reads all anew when it comes back.
          if ((controller.desiredSize ?? 0) < -1000) end()
          else controller.enqueue(encoder.encode(text))
        }
        const tell = async () => {
          gather = null
          const topics = [...changed]
          changed.clear()
          for (const topic of topics) {
            if (topic === `${PREFIX}*`) send('event: mailbox\ndata: {}\n\n')
            else if (await visible(actor, topic.slice(PREFIX.length))) {
              send(`event: mailbox\ndata: ${JSON.stringify({ mailbox_id: topic.slice(PREFIX.length) })}\n\n`)
            }
          }
        }
        const unsubscribe = runtime.changes.subscribe(`${PREFIX}*`, (topic) => {
          changed.add(topic)
          gather ??= setTimeout(() => void tell().catch(() => end()), GATHER_MS)
        })
        const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs)
        const recheck = setInterval(() => {
          reload()
            .then((again) => {
              if (again?.permissions.has('message:read')) actor = again
              else end()
            })
            .catch(() => end())
        }, recheckMs)
        end = () => {
          if (ended) return
          ended = true
          unsubscribe()
          clearInterval(heartbeat)
          clearInterval(recheck)
          if (gather) clearTimeout(gather)
          signal.removeEventListener('abort', end)
          closers.delete(end)
          released()
          try {
            controller.close()
          } catch {
            // Already cancelled by the reader.
          }
        }
        closers.add(end)
        signal.addEventListener('abort', end)
        send('retry: 2000\n\n')
        if (signal.aborted) end()
      },
      cancel: () => end(),
    })
  }

  /** Whether a mailbox is one of the actor's; who sees all of a tenant sees none of another's. */
  async function visible(actor: Actor, mailboxId: string): Promise<boolean> {
    if (actor.mailboxIds !== 'all') return actor.mailboxIds.includes(mailboxId)
    return (await findMailboxId(runtime.db, mailScope({ actor }), { id: mailboxId })) !== null
  }

  return {
    handle,
    /** Ends every stream. */
    close: () => {
      for (const end of closers) end()
    },
  }
}
