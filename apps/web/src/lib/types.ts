export type Address = { name: string; address: string }
export type Tag = { id: string; name: string; color: string }
export type FolderRole = 'inbox' | 'sent' | 'drafts' | 'trash' | 'junk' | 'archive' | 'quarantine'
export type Folder = { id: string; name: string; role: FolderRole | null; total: number; unseen: number }
export type Mailbox = {
  id: string
  address: string
  display_name: string
  domain_id: string
  user_id: string | null
  quota_bytes: number | null
  used_bytes: number
  created_at: string
}
export type User = { id: string; email: string; name: string; role: string; suspended: boolean; created_at: string }
export type MessageItem = {
  id: string
  mailbox_id: string
  folder: string
  folder_id: string
  thread_id: string
  from: Address
  to: Address[]
  subject: string
  preview: string
  date: string | null
  received_at: string
  size: number
  seen: boolean
  starred: boolean
  answered: boolean
  draft: boolean
  tags: string[]
  has_attachments: boolean
  spam_score: number | null
}
export type Attachment = {
  index: number
  filename: string
  content_type: string
  size: number
  content_id: string | null
  inline: boolean
}
export type MessageDetail = MessageItem & {
  cc: Address[]
  bcc: Address[]
  reply_to: Address[]
  message_id: string | null
  in_reply_to: string | null
  references: string[]
  headers: { name: string; value: string }[]
  text: string | null
  html: string | null
  html_fallback: 'too_large' | 'timed_out' | null
  blocked_images: number
  attachments: Attachment[]
  authentication: { spf: string; dkim: string; dmarc: string; arc: string }
  parse_error: string | null
  journey_id: string
}
export type JourneyStep = { at: string; ms: number; kind: string; name: string; result: string; detail: string }
export type Journey = {
  id: string
  direction: string
  status: string
  from: string
  to: string[]
  started_at: string
  remote_address: string
  helo: string
  reply: string
  steps: JourneyStep[]
  recipients: { address: string; status: string; reply: string }[]
  message_ids: string[]
}
