'use client'

import { useMutationState, type Mutation } from '@tanstack/react-query'

import type { MessageItem } from '#lib/types.ts'

import type { ListFilter } from '../location.ts'
import { applyAction, leavesList, type MailAction } from './changes.ts'

export const MAIL_MUTATION = ['mail', 'change'] as const

/** A change that the server has not answered yet. */
export type Change = {
  messages: readonly MessageItem[]
  ids: ReadonlySet<string>
  change: MailAction
  /** It takes back another change, so it brings messages back to the lists they left. */
  undoing?: boolean | undefined
  /** Nothing is said when it is done. */
  quiet?: boolean | undefined
  /** It is not the user's doing: nothing is said at all. */
  automatic?: boolean | undefined
}
export type PendingChange = Pick<Change, 'ids' | 'change' | 'undoing'>

/**
 * What is on its way to the server, oldest first. It is shown on top of what the server said and never written into it,
 * so a refusal takes back that one change and nothing else.
 */
export function usePendingChanges(): readonly PendingChange[] {
  return useMutationState({
    filters: { mutationKey: MAIL_MUTATION, status: 'pending' },
    select: ({ state }: Mutation<unknown, Error, Change>) => ({
      ids: state.variables?.ids ?? new Set<string>(),
      change: state.variables?.change ?? { action: 'mark_seen' },
      undoing: state.variables?.undoing,
    }),
  })
}

/** A message as it will be after these changes; null when they take it out of the list. Without a list it stays. */
export function applyChanges<M extends MessageItem>(
  message: M,
  changes: readonly PendingChange[],
  list?: ListFilter,
): M | null {
  let shown = true
  let result = message
  for (const { ids, change, undoing } of changes) {
    if (!ids.has(message.id)) continue
    result = applyAction(result, change)
    shown = undoing === true || (shown && (list === undefined || !leavesList(change, list)))
  }
  return shown ? result : null
}
