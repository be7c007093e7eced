/** What a stream needs to be told. */
export type Listener = {
  /** A mailbox changed; null if changes may have been missed. */
  mailbox: (mailboxId: string | null) => void
  /** The permissions of the reader may have changed. */
  login: () => void
}

export type EventStreamOptions = {
  /** Reports changes until the returned function is called. */
  subscribe: (hear: Listener) => () => void
  /** Whether the reader may be told about this mailbox now. */
  mayHear: (mailboxId: string) => Promise<boolean>
  /** Whether the reader may still listen; checked when a login or mailbox changes, and regularly because logins expire. */
  mayListen: () => Promise<boolean>
  heartbeatMs: number
  recheckMs: number
  /** Called once when the stream ends, whoever ended it. */
  onEnd: () => void
}

/** Changes to a mailbox within this time cause one event. */
const GATHER_MS = 100
/** How many events may wait for a slow reader; beyond it the stream ends, and the reader reloads everything when it reconnects. */
const MAX_WAITING = 1000

/** A `text/event-stream` body with events about mailboxes; `end` ends it from the server's side. */
export function openEventStream(options: EventStreamOptions): { body: ReadableStream<Uint8Array>; end: () => void } {
  const encoder = new TextEncoder()
  const changed = new Set<string | null>()
  const timers: NodeJS.Timeout[] = []
  let gather: NodeJS.Timeout | null = null
  let rechecked = Promise.resolve()
  let isRecheckDue = false
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null
  let unsubscribe = () => {
    /* There is no subscription until the stream starts. */
  }

  const end = () => {
    if (controller === null) return
    const closing = controller
    controller = null
    unsubscribe()
    for (const timer of timers) clearInterval(timer)
    if (gather) clearTimeout(gather)
    options.onEnd()
    try {
      closing.close()
    } catch {
      // The reader has already cancelled it.
    }
  }
  const send = (text: string) => {
    if (controller === null) return
    if ((controller.desiredSize ?? 0) < -MAX_WAITING) end()
    else controller.enqueue(encoder.encode(text))
  }
  const tell = async () => {
    gather = null
    const ids = [...changed]
    changed.clear()
    await rechecked
    for (const id of ids) {
      if (id === null) send('event: mailbox\ndata: {}\n\n')
      else if (await options.mayHear(id)) send(`event: mailbox\ndata: ${JSON.stringify({ mailbox_id: id })}\n\n`)
    }
  }
  /** Checks run one at a time, so that the last answer is the latest; a change while one is queued needs no other. */
  const recheck = () => {
    if (isRecheckDue) return
    isRecheckDue = true
    rechecked = rechecked
      .then(async () => {
        isRecheckDue = false
        if (!(await options.mayListen())) end()
      })
      .catch(end)
  }

  const body = new ReadableStream<Uint8Array>({
    start: (started) => {
      controller = started
      unsubscribe = options.subscribe({
        mailbox: (id) => {
          changed.add(id)
          gather ??= setTimeout(() => void tell().catch(end), GATHER_MS)
        },
        login: recheck,
      })
      timers.push(
        setInterval(() => send(': still here\n\n'), options.heartbeatMs),
        setInterval(recheck, options.recheckMs),
      )
      send('retry: 2000\n\n')
    },
    cancel: end,
  })
  return { body, end }
}
