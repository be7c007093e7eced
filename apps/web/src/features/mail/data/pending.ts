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
  /** It undoes another change, so it returns messages to the lists that they left. */
  undoing?: boolean | undefined
  /** Shows no notice on success. */
  quiet?: boolean | undefined
  /** Not made by the user: shows no notice at all. */
  automatic?: boolean | undefined
}
export type PendingChange = Pick<Change, 'ids' | 'change' | 'undoing'>

/**
 * The changes that the server has not answered yet, oldest first. They are shown on top of the cached data but not written
 * into it, so that a refusal takes back that one change and nothing else.
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

/** A message as it will be after these changes; null if they remove it from `list`. */
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
