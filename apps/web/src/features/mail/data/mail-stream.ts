/** While the stream is down the mail is read this often, in milliseconds; then the stream is tried again too. */
const POLL_MS = 10_000
const SHARED = 'mairust-mail-stream'

export type MailStreamListener = {
  /** Something changed in this mailbox; in any of them when it is undefined. */
  onChange: (mailboxId: string | undefined) => void
  /** Whether changes are told as they happen. */
  onConnected: (connected: boolean) => void
}
type Told = { kind: 'changed'; mailboxId?: string | undefined } | { kind: 'connected'; connected: boolean }
type Tell = (told: Told) => void

/**
 * Listens to changes of mail; gives what ends that. Browsers allow few connections to one server, so all tabs share one
 * stream where the browser lets them agree on who holds it; elsewhere a tab listens only while it can be seen.
 */
export function listenToMail({ onChange, onConnected }: MailStreamListener): () => void {
  const tell: Tell = (told) => (told.kind === 'changed' ? onChange(told.mailboxId) : onConnected(told.connected))
  // Absent where the page did not come over https.
  const locks = (navigator as Partial<Pick<Navigator, 'locks'>>).locks
  return locks === undefined ? listenWhileVisible(tell) : shareStream(locks, tell)
}

/** The tab that holds the lock holds the stream and tells the others; when it goes, the next one in the queue does. */
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
  channel.addEventListener('message', ({ data }: MessageEvent<Told | 'hello'>) => {
    if (data !== 'hello') tell(data)
    else if (leading) channel.postMessage({ kind: 'connected', connected } satisfies Told)
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
      // Whatever came since the mail was last read, and before this, was not told.
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
        // A stream that was refused, rather than cut, does not come back by itself.
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

/** The mailbox that an event is about; undefined, meaning any, when it cannot be read. */
function mailboxIdOf(data: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(data)
    if (typeof parsed !== 'object' || parsed === null || !('mailbox_id' in parsed)) return undefined
    return typeof parsed.mailbox_id === 'string' ? parsed.mailbox_id : undefined
  } catch {
    return undefined
  }
}
