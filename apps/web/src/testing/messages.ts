import type { MessageDetail, MessageItem, User } from '#lib/types.ts'
import { refusal } from '#testing/fake-api.tsx'

/** A message as the API lists it; `n` determines id and time: a larger `n` is newer. */
export function makeMessage(n: number, changes: Partial<MessageItem> = {}): MessageItem {
  const at = new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString()
  return {
    id: `msg_${String(n).padStart(26, '0')}`,
    mailbox_id: `mbx_${'0'.repeat(26)}`,
    folder: 'inbox',
    folder_id: `fld_${'0'.repeat(26)}`,
    thread_id: `thr_${String(n).padStart(26, '0')}`,
    from: { name: 'Aiko Tanaka', address: 'aiko@kurashi.example' },
    to: [{ name: '', address: 'hana@example.com' }],
    subject: `Subject ${String(n)}`,
    preview: 'The first words',
    date: at,
    received_at: at,
    size: 2048,
    seen: false,
    starred: false,
    answered: false,
    draft: false,
    tags: [],
    has_attachments: false,
    spam_score: null,
    ...changes,
  }
}

/** A message in full, as the API returns it. */
export function makeDetail(n: number, changes: Partial<MessageDetail> = {}): MessageDetail {
  return {
    ...makeMessage(n),
    cc: [],
    bcc: [],
    reply_to: [],
    message_id: `<${String(n)}@kurashi.example>`,
    in_reply_to: null,
    references: [],
    headers: [],
    text: 'Hello',
    html: null,
    html_fallback: null,
    blocked_images: 0,
    attachments: [],
    authentication: { spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none', junk_reason: null, checks: [] },
    truncated: [],
    parse_error: null,
    journey_id: `jrn_${'0'.repeat(26)}`,
    ...changes,
  }
}

/** A mailbox with the standard folders and some messages, with handlers that answer as the API does. */
export function fakeMailbox(count: number) {
  const folderId = (n: number) => `fld_${String(n).padStart(26, '0')}`
  const roles = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'] as const
  const state = { messages: Array.from({ length: count }, (_, n) => makeMessage(count - n)) }
  const mailbox = {
    id: `mbx_${'0'.repeat(26)}`,
    address: 'hana@example.com',
    display_name: '',
    domain_id: '',
    user_id: null,
    quota_bytes: 4096,
    used_bytes: 1024,
    created_at: '',
  }
  const last = { cursor: null, has_more: false }
  return {
    state,
    mailbox,
    user: { id: 'usr_1', email: 'hana@example.com', name: 'Hana Sato', role: 'user', permissions: [] } satisfies User,
    handlers: {
      'mailboxes.list': () => ({ data: [mailbox], pagination: last }),
      'tags.list': () => ({ data: [{ id: 'tag_1', name: 'ops', color: '#2f7d6b' }], pagination: last }),
      'folders.list': () => ({
        data: [
          ...roles.map((role, n) => ({
            id: folderId(n),
            name: role,
            role,
            total: state.messages.filter(({ folder }) => folder === role).length,
            unseen: 0,
          })),
          { id: folderId(9), name: 'Receipts', role: null, total: 0, unseen: 0 },
        ],
        pagination: last,
      }),
      'messages.list': (input: { folder?: string; q?: string; seen?: boolean; limit: number; cursor?: string }) => {
        const all = state.messages.filter(
          (message) =>
            (input.folder === undefined || message.folder === input.folder) &&
            (input.seen === undefined || message.seen === input.seen) &&
            message.subject.includes(input.q ?? ''),
        )
        const below = input.cursor === undefined ? all : all.filter(({ id }) => id < (input.cursor ?? ''))
        const data = below.slice(0, input.limit)
        const more = below.length > data.length
        return { data, pagination: { cursor: more ? (data.at(-1)?.id ?? null) : null, has_more: more } }
      },
      'messages.get': ({ id }: { id: string }) => {
        const message = state.messages.find((one) => one.id === id)
        if (message === undefined) throw refusal('NOT_FOUND')
        return { data: { ...makeDetail(Number(id.slice(4))), ...message } }
      },
      'messages.batch': ({ ids, ...change }: { ids: string[]; action: string; folder?: string; tag?: string }) => {
        const selected = new Set(ids)
        state.messages = state.messages.flatMap((message) =>
          !selected.has(message.id)
            ? message
            : change.action === 'purge'
              ? []
              : { ...message, ...after(message, change) },
        )
        return { data: { updated: ids.length, failed: [] } }
      },
    },
  }
}

/** The fields that a change sets. */
function after(
  message: MessageItem,
  { action, folder = '', tag = '' }: { action: string; folder?: string; tag?: string },
): Partial<MessageItem> {
  switch (action) {
    case 'mark_seen':
    case 'mark_unseen':
      return { seen: action === 'mark_seen' }
    case 'star':
    case 'unstar':
      return { starred: action === 'star' }
    case 'add_tag':
      return { tags: [...message.tags, tag] }
    case 'remove_tag':
      return { tags: message.tags.filter((name) => name !== tag) }
    case 'trash':
      return { folder: 'trash' }
    case 'restore':
      return { folder: 'inbox' }
    case 'move':
      return { folder: folder === message.folder_id ? 'inbox' : folder }
    default:
      return {}
  }
}
