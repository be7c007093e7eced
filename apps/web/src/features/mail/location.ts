import type { Folder, MessageItem } from '#lib/types.ts'

/** Views of a mailbox: messages from all its folders. */
export const VIEWS = ['starred', 'all'] as const
export type View = (typeof VIEWS)[number]

export type MailPlace = {
  /** Address of the mailbox. */
  mailbox: string
  /** Role of a folder, name of a view, or id of one of the user's own folders. */
  folder: string
}

/** Parses a path such as `/mail/hana%40example.com/inbox`; missing parts are absent. */
export function parsePlace(pathname: string): Partial<MailPlace> {
  const [, area, mailbox, folder] = pathname.split('/')
  if (area !== 'mail') return {}
  return { ...(mailbox ? { mailbox: decode(mailbox) } : {}), ...(folder ? { folder: decode(folder) } : {}) }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The path of a place. `@` stays readable. */
export function placePath({ mailbox, folder }: MailPlace): string {
  return `/mail/${encodeURIComponent(mailbox).replaceAll('%40', '@')}/${encodeURIComponent(folder)}`
}

/** The name of a folder in paths. */
export function folderSlug(folder: Pick<Folder, 'id' | 'role'>): string {
  return folder.role ?? folder.id
}

/** The name of a folder in messages: its role, or the name that the user gave it. */
export function folderLabel(folder: Pick<Folder, 'name' | 'role'>): string {
  return folder.role ?? folder.name
}

/** The label of the folder that all of these messages are in, or null. */
export function commonFolder(messages: readonly Pick<MessageItem, 'folder'>[]): string | null {
  const folder = messages[0]?.folder ?? null
  return messages.every((message) => message.folder === folder) ? folder : null
}

export type ListFilter = { mailbox: string; folder?: string; q?: string; seen?: boolean; starred?: boolean }

/** The API filter for a place with a search and the unread filter. A search without `in:` covers all folders. */
export function filterOf(place: MailPlace, q: string, unreadOnly: boolean): ListFilter {
  const query = q.trim()
  const everywhere = query !== ''
  return {
    mailbox: place.mailbox,
    ...(everywhere || place.folder === 'all' || place.folder === 'starred' ? {} : { folder: place.folder }),
    ...(place.folder === 'starred' && !everywhere ? { starred: true } : {}),
    ...(query === '' ? {} : { q: query }),
    ...(unreadOnly ? { seen: false } : {}),
  }
}
