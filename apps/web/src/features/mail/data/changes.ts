import type { BatchChange } from '@mairust/api/contract'

import type { FolderRole, MessageItem } from '#lib/types.ts'

/** A change to messages, made in the list or the reader. */
export type MailAction = BatchChange

/** Whether a change removes messages from their folder. */
export function leavesFolder({ action }: MailAction): boolean {
  return action === 'trash' || action === 'restore' || action === 'purge' || action === 'move'
}

/** A message as it will be after a change. A change that only moves it leaves it as it is. */
export function applyAction<M extends MessageItem>(message: M, change: MailAction): M {
  switch (change.action) {
    case 'mark_seen':
      return { ...message, seen: true }
    case 'mark_unseen':
      return { ...message, seen: false }
    case 'star':
      return { ...message, starred: true }
    case 'unstar':
      return { ...message, starred: false }
    case 'add_tag':
      return message.tags.includes(change.tag) ? message : { ...message, tags: [...message.tags, change.tag] }
    case 'remove_tag':
      return { ...message, tags: message.tags.filter((tag) => tag !== change.tag) }
    case 'trash':
    case 'restore':
    case 'purge':
    case 'move':
      return message
  }
}

/** The change that undoes `change` for a message that was in `folder`; null if it cannot be undone or changes nothing. */
export function inverseOf(message: MessageItem, change: MailAction, folder: string): MailAction | null {
  switch (change.action) {
    case 'mark_seen':
      return message.seen ? null : { action: 'mark_unseen' }
    case 'mark_unseen':
      return message.seen ? { action: 'mark_seen' } : null
    case 'star':
      return message.starred ? null : { action: 'unstar' }
    case 'unstar':
      return message.starred ? { action: 'star' } : null
    case 'add_tag':
      return message.tags.includes(change.tag) ? null : { action: 'remove_tag', tag: change.tag }
    case 'remove_tag':
      return message.tags.includes(change.tag) ? { action: 'add_tag', tag: change.tag } : null
    case 'trash':
      return { action: 'restore' }
    case 'restore':
      return { action: 'trash' }
    case 'move':
      return { action: 'move', folder }
    case 'purge':
      return null
  }
}

/** Whether messages disappear from a list (a folder, or a view of all folders) after a change. */
export function leavesList(change: MailAction, list: { folder?: string; starred?: boolean; seen?: boolean }): boolean {
  if (leavesFolder(change)) return list.folder !== undefined || hidesFromViews(change)
  if (change.action === 'unstar') return list.starred === true
  return false
}

/** Views of all folders leave out trash, junk and quarantine. */
function hidesFromViews(change: MailAction): boolean {
  if (change.action === 'trash' || change.action === 'purge') return true
  return change.action === 'move' && OUTSIDE_VIEWS.has(change.folder)
}

const OUTSIDE_VIEWS: ReadonlySet<string> = new Set<FolderRole>(['trash', 'junk', 'quarantine'])
