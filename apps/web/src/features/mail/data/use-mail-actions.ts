'use client'

import { dismissNotice, notify } from '@mairust/ui'
import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback, useMemo, useRef } from 'react'

import type { MessageItem } from '#lib/types.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPC, useTRPCClient } from '#trpc/client.tsx'

import { applyAction, inverseOf, leavesFolder, leavesList, type MailAction } from './changes.ts'
import { mapRows, type MessagePages } from './pages.ts'
import { filterOfKey, LISTS } from './queries.ts'

/** The API takes no more ids at once. */
const BATCH = 1000
const NOTICE = 'mail-action'
export const MAIL_MUTATION = ['mail', 'change'] as const

type Change = { messages: readonly MessageItem[]; change: MailAction; quiet?: boolean | undefined }
type Undo = { messages: readonly MessageItem[]; change: MailAction }[]

/**
 * Flags, tags, moves. The lists change at once; if the server refuses, they change back and a notice says so.
 * What can be undone offers it for a while, and by `undo()`.
 */
export function useMailActions() {
  const t = useTranslations('mail')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const failureText = useFailureText()
  const lastUndo = useRef<Undo | null>(null)

  const foldersKey = trpc.folders.list.queryKey()
  const detailKey = useCallback((id: string): QueryKey => trpc.messages.get.queryKey({ id }), [trpc])

  const showNow = useCallback(
    ({ messages, change }: Change) => {
      const ids = new Set(messages.map(({ id }) => id))
      const before = queryClient.getQueriesData<MessagePages>({ queryKey: LISTS })
      for (const [key, pages] of before) {
        if (pages === undefined) continue
        const gone = leavesList(change, filterOfKey(key))
        queryClient.setQueryData(
          key,
          mapRows(pages, (row) => (!ids.has(row.id) ? row : gone ? null : applyAction(row, change))),
        )
      }
      const details = messages.map(({ id }) => [detailKey(id), queryClient.getQueryData(detailKey(id))] as const)
      for (const [key] of details) {
        queryClient.setQueryData<{ data: MessageItem }>(
          key,
          (detail) => detail && { ...detail, data: { ...detail.data, ...applyAction(detail.data, change) } },
        )
      }
      return () => {
        for (const [key, data] of [...before, ...details]) queryClient.setQueryData(key, data)
      }
    },
    [queryClient, detailKey],
  )

  const mutation = useMutation({
    mutationKey: MAIL_MUTATION,
    mutationFn: async ({ messages, change }: Change) => {
      const ids = messages.map(({ id }) => id)
      for (let start = 0; start < ids.length; start += BATCH) {
        const { data } = await client.messages.batch.mutate({ ids: ids.slice(start, start + BATCH), ...change })
        if (data.failed.length > 0) throw new PartialFailure(data.failed.length)
      }
    },
    onMutate: async (input) => {
      await queryClient.cancelQueries({ queryKey: LISTS })
      return { rollBack: showNow(input) }
    },
    onError: (error, _input, context) => {
      context?.rollBack()
      lastUndo.current = null
      if (error instanceof PartialFailure) void queryClient.invalidateQueries({ queryKey: LISTS })
      const { title, help } = failureText(error)
      notify('error', error instanceof PartialFailure ? t('notice.partial', { count: error.count }) : title, {
        id: NOTICE,
        description: help,
      })
    },
    onSettled: (_data, _error, { change, messages }) => {
      void queryClient.invalidateQueries({ queryKey: foldersKey })
      if (change.action === 'add_tag') void queryClient.invalidateQueries({ queryKey: trpc.tags.list.queryKey() })
      if (!leavesFolder(change)) return
      // Lists that are not on the screen are read anew when they are shown again.
      queryClient.removeQueries({ queryKey: LISTS, type: 'inactive' })
      for (const { id } of messages)
        void queryClient.invalidateQueries({ queryKey: detailKey(id), refetchType: 'active' })
    },
  })
  const { mutate } = mutation

  const undo = useCallback(() => {
    const steps = lastUndo.current
    lastUndo.current = null
    if (steps === null) return
    dismissNotice(NOTICE)
    for (const step of steps) {
      mutate({ ...step, quiet: true }, { onSuccess: () => void queryClient.invalidateQueries({ queryKey: LISTS }) })
    }
  }, [mutate, queryClient])

  /** `quiet` says nothing; `automatic` is not the user's doing at all, so it leaves what can be undone alone. */
  const act = useCallback(
    (messages: readonly MessageItem[], change: MailAction, options: { quiet?: boolean; automatic?: boolean } = {}) => {
      if (messages.length === 0) return
      const quiet = options.quiet === true || options.automatic === true
      mutate({ messages, change, quiet })
      if (options.automatic === true) return
      lastUndo.current = groupInverses(messages, change)
      if (quiet) return
      notify(
        'success',
        t(`notice.${noticeOf(change)}`, { count: messages.length, tag: 'tag' in change ? change.tag : '' }),
        {
          id: NOTICE,
          action: lastUndo.current.length === 0 ? undefined : { label: t('undo'), onSelect: undo },
        },
      )
    },
    [mutate, t, undo],
  )

  return useMemo(() => ({ act, undo }), [act, undo])
}

export type MailActions = ReturnType<typeof useMailActions>
export type NoticeKey =
  | 'archived'
  | 'junked'
  | 'moved'
  | 'trashed'
  | 'restored'
  | 'purged'
  | 'seen'
  | 'unseen'
  | 'starred'
  | 'unstarred'
  | 'tagged'
  | 'untagged'

class PartialFailure extends Error {
  readonly count: number
  constructor(count: number) {
    super('Some messages could not be changed.')
    this.count = count
  }
}

function noticeOf(change: MailAction): NoticeKey {
  switch (change.action) {
    case 'mark_seen':
      return 'seen'
    case 'mark_unseen':
      return 'unseen'
    case 'star':
      return 'starred'
    case 'unstar':
      return 'unstarred'
    case 'trash':
      return 'trashed'
    case 'restore':
      return 'restored'
    case 'purge':
      return 'purged'
    case 'add_tag':
      return 'tagged'
    case 'remove_tag':
      return 'untagged'
    case 'move':
      return change.folder === 'archive' ? 'archived' : change.folder === 'junk' ? 'junked' : 'moved'
  }
}

/** What undoes a change, gathered into as few calls as there are different ways back. */
function groupInverses(messages: readonly MessageItem[], change: MailAction): Undo {
  const groups = new Map<string, { messages: MessageItem[]; change: MailAction }>()
  for (const message of messages) {
    const inverse = inverseOf(message, change, message.folder_id)
    if (inverse === null) continue
    const key = JSON.stringify(inverse)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { messages: [applyAction(message, change)], change: inverse })
    else group.messages.push(applyAction(message, change))
  }
  return [...groups.values()]
}
