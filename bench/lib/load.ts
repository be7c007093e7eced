// A steady load that remembers what was acknowledged.

import type { Product } from '../../e2e/fixtures/product.ts'
import { Sender } from './smtp.ts'

/** What senders have seen so far. */
export interface Seen {
  /** Subjects of messages that got 250. */
  readonly acknowledged: Set<string>
  /** Count of each code as the deciding reply. */
  readonly replies: Map<string, number>
  /** When the last 250 arrived, by performance.now(). */
  lastAcceptedAt: number
}

/** Keeps `senders` connections sending until `stop` is called; reconnects when one ends. */
export function startLoad(product: Product, to: string, senders: number): { seen: Seen; stop: () => Promise<void> } {
  const seen: Seen = { acknowledged: new Set(), replies: new Map(), lastAcceptedAt: 0 }
  let stopped = false
  const running = (): boolean => !stopped
  const counted = (reply: string): void => {
    const code = reply === '' ? 'closed' : reply.slice(0, 3)
    seen.replies.set(code, (seen.replies.get(code) ?? 0) + 1)
  }
  const run = async (name: number): Promise<void> => {
    for (let count = 0; running();) {
      const sender = await Sender.open(product.ports.inbound)
      for (let open = true; open && running(); count += 1) {
        const subject = `load-${String(name)}-${String(count)}`
        const reply = await sender.send(
          to,
          `From: a@remote.example\r\nSubject: ${subject}\r\n\r\n${'text '.repeat(200)}`,
        )
        counted(reply)
        if (reply.startsWith('250')) {
          seen.acknowledged.add(subject)
          seen.lastAcceptedAt = performance.now()
        } else if (reply.startsWith('421') || reply === '') open = false
        else {
          // A server may disconnect a client that it keeps refusing.
          const answer = await sender.reset()
          open = answer.startsWith('250')
          if (!open) counted(answer)
        }
      }
      sender.close()
    }
  }
  const all = Promise.all(Array.from({ length: senders }, (_, name) => run(name)))
  return {
    seen,
    stop: async () => {
      stopped = true
      await all
    },
  }
}

/** Creates an API key. */
export async function makeKey(product: Product, scopes = 'read'): Promise<string> {
  const made = await product.cli('api-key', 'create', '--name', 'bench', '--scopes', scopes, '--json')
  return (JSON.parse(made.stdout) as { data: { key: string } }).data.key
}

/** Subjects of all messages, over REST; duplicates included. */
export async function listSubjects(product: Product, key: string): Promise<string[]> {
  const subjects: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const response = await fetch(`${product.url}/api/v1/messages?limit=100${page}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const answer = (await response.json()) as { data: { subject: string }[]; pagination: { cursor: string | null } }
    subjects.push(...answer.data.map(({ subject }) => subject))
    cursor = answer.pagination.cursor
  }
  return subjects
}
