/** The actions for many messages at once. */
export const BATCH_ACTIONS = [
  'mark_seen',
  'mark_unseen',
  'star',
  'unstar',
  'add_tag',
  'remove_tag',
  'move',
  'trash',
  'restore',
  'purge',
] as const

export type BatchAction = (typeof BATCH_ACTIONS)[number]

/** A change to many messages: the action and what it needs. */
export type BatchChange =
  | { action: Exclude<BatchAction, 'add_tag' | 'remove_tag' | 'move'> }
  | { action: 'add_tag' | 'remove_tag'; tag: string }
  | { action: 'move'; folder: string }
