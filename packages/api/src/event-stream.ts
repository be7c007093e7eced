/** What a stream is told. */
export type Listener = {
  /** The id of a mailbox that changed, or null when some may have been missed. */
  mailbox: (mailboxId: string | null) => void
  /** What the reader may do or hear may be different now. */
  login: () => void
}

/** What a stream is made of. */
export type EventStreamOptions = {
  /** Tells of changes until what it gives is called. */
  subscribe: (hear: Listener) => () => void
  /** Whether the reader may, still, hear of this mailbox. */
  mayHear: (mailboxId: string) => Promise<boolean>
  /** Whether the reader may still listen at all; asked when a login or a mailbox changes, and now and then because logins expire. */
  mayListen: () => Promise<boolean>
  heartbeatMs: number
  recheckMs: number
  /** The stream is over, whoever ended it. Called once. */
  onEnd: () => void
}

/** Changes in quick succession are told once. */
const GATHER_MS = 100
/** Events that wait for a slow reader; beyond it the stream ends, and the reader reads all anew when it comes back. */
const MAX_WAITING = 1000

/** A `text/event-stream` body about mailboxes; `end` ends it from our side. */
export function openEventStream(options: EventStreamOptions): { body: ReadableStream<Uint8Array>; end: () => void } {
  const encoder = new TextEncoder()
  const changed = new Set<string | null>()
  const timers: NodeJS.Timeout[] = []
  let gather: NodeJS.Timeout | null = null
  let rechecked = Promise.resolve()
  let isRecheckDue = false
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null
  let unsubscribe = () => {
    /* Until the stream starts there is nothing to end. */
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
      // The reader has cancelled it already.
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
  /** One at a time, so that the last answer is the latest; what changes while one is due is part of it. */
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
