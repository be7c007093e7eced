import type { MessageDetail, MessageItem } from '#lib/types.ts'

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
