/** While the stream is down, how often to poll the mail and try the stream again, in milliseconds. */
const POLL_MS = 10_000
const SHARED = 'mairust-mail-stream'

export type MailStreamListener = {
  /** Something changed in this mailbox; in any mailbox if it is undefined. */
  onChange: (mailboxId: string | undefined) => void
  /** Whether the stream is connected, so that changes arrive as they happen. */
  onConnected: (connected: boolean) => void
}
type News = { kind: 'changed'; mailboxId?: string | undefined } | { kind: 'connected'; connected: boolean }
type Tell = (news: News) => void

/**
 * Listens for changes to the mail; returns a function that stops it. Browsers allow few connections to one server, so all tabs
 * share one stream if the browser has locks to agree on its owner; otherwise a tab listens only while it is visible.
 */
export function listenToMail({ onChange, onConnected }: MailStreamListener): () => void {
  const tell: Tell = (news) => (news.kind === 'changed' ? onChange(news.mailboxId) : onConnected(news.connected))
  // Undefined if the page was not loaded over https.
  const locks = (navigator as Partial<Pick<Navigator, 'locks'>>).locks
  return locks === undefined ? listenWhileVisible(tell) : shareStream(locks, tell)
}

/** The tab with the lock holds the stream and tells the others; when it closes, the next one in the queue takes over. */
function shareStream(locks: LockManager, tell: Tell): () => void {
  const channel = new BroadcastChannel(SHARED)
  const leave = new AbortController()
  let leading = false
  let connected = true
  const tellAll: Tell = (news) => {
    if (news.kind === 'connected') connected = news.connected
    tell(news)
    channel.postMessage(news)
  }
  channel.addEventListener('message', ({ data }: MessageEvent<News | 'hello'>) => {
    if (data !== 'hello') tell(data)
    else if (leading) channel.postMessage({ kind: 'connected', connected } satisfies News)
  })
  channel.postMessage('hello')
  const lead = () =>
    new Promise<void>((resolve) => {
      leading = true
      const close = openStream(tellAll)
      leave.signal.addEventListener('abort', () => {
        close()
        resolve()
      })
    })
  locks.request(SHARED, { signal: leave.signal }, lead).catch(() => undefined)
  return () => {
    leave.abort()
    channel.close()
  }
}

function listenWhileVisible(tell: Tell): () => void {
  let close = document.hidden ? undefined : openStream(tell)
  const onVisibility = () => {
    if (document.hidden) {
      close?.()
      close = undefined
    } else close ??= openStream(tell)
  }
  document.addEventListener('visibilitychange', onVisibility)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    close?.()
  }
}

function openStream(tell: Tell): () => void {
  let poll: ReturnType<typeof setInterval> | undefined
  let source: EventSource
  const connect = () => {
    const stream = new EventSource('/api/events')
    stream.addEventListener('open', () => {
      tell({ kind: 'connected', connected: true })
      // Changes between the last read and now were not reported.
      tell({ kind: 'changed' })
      clearInterval(poll)
      poll = undefined
    })
    stream.addEventListener('mailbox', (event: MessageEvent<string>) =>
      tell({ kind: 'changed', mailboxId: mailboxIdOf(event.data) }),
    )
    stream.addEventListener('error', () => {
      tell({ kind: 'connected', connected: false })
      poll ??= setInterval(() => {
        tell({ kind: 'changed' })
        // The browser reconnects a broken stream, but not a refused one.
        if (source.readyState === EventSource.CLOSED) source = connect()
      }, POLL_MS)
    })
    return stream
  }
  source = connect()
  return () => {
    source.close()
    clearInterval(poll)
  }
}

/** The mailbox in an event; undefined, which stands for any, if the event is unreadable. */
function mailboxIdOf(data: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(data)
    if (typeof parsed !== 'object' || parsed === null || !('mailbox_id' in parsed)) return undefined
    return typeof parsed.mailbox_id === 'string' ? parsed.mailbox_id : undefined
  } catch {
    return undefined
  }
}
