import type { MessageDetail, MessageItem, User } from '#lib/types.ts'

/** A message as the API lists it; `n` makes ids and times, a larger one being newer. */
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

/** A message as the API opens it. */
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
    authentication: { spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none' },
    parse_error: null,
    journey_id: `jrn_${'0'.repeat(26)}`,
    ...changes,
  }
}

/** A mailbox with the usual folders and some messages, which answers as the API does. */
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
      'messages.list': (input: { folder?: string; q?: string; limit: number; cursor?: string }) => {
        const all = state.messages.filter(
          (message) =>
            (input.folder === undefined || message.folder === input.folder) && message.subject.includes(input.q ?? ''),
        )
        const start = Number(input.cursor ?? 0)
        const end = start + input.limit
        return {
          data: all.slice(start, end),
          pagination: { cursor: end < all.length ? String(end) : null, has_more: end < all.length },
        }
      },
      'messages.get': ({ id }: { id: string }) => ({
        data: { ...makeDetail(Number(id.slice(4))), ...state.messages.find((message) => message.id === id) },
      }),
      'messages.batch': ({ ids, action, folder }: { ids: string[]; action: string; folder?: string }) => {
        state.messages = state.messages.map((message) =>
          !ids.includes(message.id)
            ? message
            : {
                ...message,
                seen: action === 'mark_seen' || (action !== 'mark_unseen' && message.seen),
                folder:
                  action === 'trash'
                    ? 'trash'
                    : action === 'restore'
                      ? 'inbox'
                      : action === 'move'
                        ? folder === message.folder_id
                          ? 'inbox'
                          : (folder ?? '')
                        : message.folder,
              },
        )
        return { data: { updated: ids.length, failed: [] } }
      },
    },
  }
}
