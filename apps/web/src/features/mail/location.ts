import type { Folder, MessageItem } from '#lib/types.ts'

/** Places that are not folders: they gather messages of all folders of a mailbox. */
export const VIEWS = ['starred', 'all'] as const
export type View = (typeof VIEWS)[number]

export type MailPlace = {
  /** Address of the mailbox. */
  mailbox: string
  /** Role of a folder, a view, or the id of a folder of the user's own. */
  folder: string
}

/** Where a path such as `/mail/hana%40example.com/inbox` points; parts that are missing are undefined. */
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

/** The name of a folder in addresses of pages. */
export function folderSlug(folder: Pick<Folder, 'id' | 'role'>): string {
  return folder.role ?? folder.id
}

/** What messages call their folder: its role, or the name the user gave it. */
export function folderLabel(folder: Pick<Folder, 'name' | 'role'>): string {
  return folder.role ?? folder.name
}

/** The label of the folder that all of these are in; null when there is no such one. */
export function commonFolder(messages: readonly Pick<MessageItem, 'folder'>[]): string | null {
  const folder = messages[0]?.folder ?? null
  return messages.every((message) => message.folder === folder) ? folder : null
}

export type ListFilter = { mailbox: string; folder?: string; q?: string; seen?: boolean; starred?: boolean }

/** What to ask the API for at a place, with a search and the unread filter. A search without `in:` looks everywhere. */
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
