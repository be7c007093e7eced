'use client'

import { LIMITS } from '@mairust/api/contract'
import { dismissNotice, isolated, notify } from '@mairust/ui'
import { useMutation, useQueryClient, type QueryClient, type QueryKey } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useMemo, useRef } from 'react'

import type { MessageDetail, MessageItem } from '#lib/types.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPC, useTRPCClient } from '#trpc/client.tsx'

import { applyAction, inverseOf, leavesFolder, type MailAction } from './changes.ts'
import { mapRows, type MessagePages } from './pages.ts'
import { applyChanges, MAIL_MUTATION, type Change } from './pending.ts'
import { filterOfKey, LISTS } from './queries.ts'

const NOTICE = 'mail-action'

type Undo = { of: Change; steps: { messages: MessageItem[]; change: MailAction }[] }
type Detail = { data: MessageDetail }

/**
 * Makes changes to messages. They are shown at once and sent one after another; a refused change disappears, with a notice.
 * The notice of a change that can be undone offers that, and so does `undo()`.
 */
export function useMailActions() {
  const t = useTranslations('mail')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const failureText = useFailureText()
  const lastUndo = useRef<Undo | null>(null)
  const undoLatest = useRef<() => void>(undefined)

  /** Shows the result of a change, with an undo button if it can be undone. */
  const say = useCallback(
    (kind: 'success' | 'error', of: Change, title: string, description?: string) => {
      const canUndo = lastUndo.current?.of === of && lastUndo.current.steps.length > 0
      const action = canUndo ? { label: t('undo'), onSelect: () => undoLatest.current?.() } : undefined
      notify(kind, title, { id: NOTICE, description, action })
    },
    [t],
  )
  const sayDone = useCallback(
    (input: Change) => {
      const { messages, change } = input
      const tag = 'tag' in change ? isolated(change.tag) : ''
      say('success', input, t(`notice.${noticeOf(change)}`, { count: messages.length, tag }))
    },
    [say, t],
  )

  const { mutate } = useMutation({
    mutationKey: MAIL_MUTATION,
    // One after another: an undo must not overtake its change.
    scope: { id: 'mail' },
    /** Returns the ids that were not changed; throws if the first call fails. */
    mutationFn: async ({ ids, change, automatic }: Change): Promise<ReadonlySet<string>> => {
      const all = [...ids]
      const failed = new Set<string>()
      for (let start = 0; start < all.length; start += LIMITS.batch) {
        if (all.length > LIMITS.batch && automatic !== true)
          notify('info', t('notice.progress', { done: start, count: all.length }), { id: NOTICE, duration: Infinity })
        try {
          const { data } = await client.messages.batch.mutate({
            ids: all.slice(start, start + LIMITS.batch),
            ...change,
          })
          for (const { id } of data.failed) failed.add(id)
        } catch (error) {
          if (start === 0) throw error
          for (const id of all.slice(start)) failed.add(id)
          break
        }
      }
      return failed
    },
    onSuccess: (failed, input) => {
      const done = failed.size === 0 ? input.ids : new Set([...input.ids].filter((id) => !failed.has(id)))
      const settled = [{ ...input, ids: done }]
      rewrite<MessagePages>(queryClient, LISTS, (pages, key) =>
        mapRows(pages, (row) => applyChanges(row, settled, filterOfKey(key))),
      )
      rewrite<Detail>(queryClient, trpc.messages.get.queryKey(), ({ data }) =>
        done.has(data.id) ? { data: applyAction(data, input.change) } : undefined,
      )
      if (input.undoing === true) void queryClient.invalidateQueries({ queryKey: LISTS })
      if (failed.size === 0) {
        if (input.ids.size > LIMITS.batch && input.quiet !== true) sayDone(input)
        return
      }
      if (lastUndo.current?.of === input) {
        lastUndo.current.steps = groupInverses(
          input.messages.filter(({ id }) => done.has(id)),
          input.change,
        )
      }
      if (input.automatic !== true)
        say('error', input, t('notice.partial', { count: failed.size }), t('notice.partialHelp'))
    },
    onError: (error, input) => {
      if (lastUndo.current?.of === input) lastUndo.current = null
      if (input.automatic === true) return
      const { title, help } = failureText(error)
      notify('error', title, { id: NOTICE, description: help })
    },
    onSettled: (_failed, _error, { change, ids }) => {
      void queryClient.invalidateQueries({ queryKey: trpc.folders.list.queryKey() })
      if (change.action === 'add_tag') void queryClient.invalidateQueries({ queryKey: trpc.tags.list.queryKey() })
      if (!leavesFolder(change)) return
      // Other lists are read again when they are shown.
      queryClient.removeQueries({ queryKey: LISTS, type: 'inactive' })
      void queryClient.invalidateQueries({
        queryKey: trpc.messages.get.queryKey(),
        predicate: ({ state }) => ids.has((state.data as Detail | undefined)?.data.id ?? ''),
      })
    },
  })

  const undo = useCallback(() => {
    const last = lastUndo.current
    lastUndo.current = null
    if (last === null) return
    dismissNotice(NOTICE)
    for (const { messages, change } of last.steps)
      mutate({ messages, ids: idsOf(messages), change, quiet: true, undoing: true })
  }, [mutate])
  useEffect(() => {
    undoLatest.current = undo
  }, [undo])

  /** `quiet` shows no notice on success; `automatic` shows none at all and keeps the previous undo. */
  const act = useCallback(
    (messages: readonly MessageItem[], change: MailAction, options: { quiet?: boolean; automatic?: boolean } = {}) => {
      if (messages.length === 0) return
      const quiet = options.quiet === true || options.automatic === true
      const input: Change = { messages, ids: idsOf(messages), change, quiet, automatic: options.automatic }
      if (options.automatic !== true) lastUndo.current = { of: input, steps: groupInverses(messages, change) }
      mutate(input)
      if (!quiet && messages.length <= LIMITS.batch) sayDone(input)
    },
    [mutate, sayDone],
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

/** Changes the cached data under a key, also after a read that is under way: its answer may lack the change. */
function rewrite<T>(queryClient: QueryClient, queryKey: QueryKey, change: (data: T, key: QueryKey) => T | undefined) {
  for (const query of queryClient.getQueryCache().findAll({ queryKey })) {
    const write = () => void queryClient.setQueryData<T>(query.queryKey, (data) => data && change(data, query.queryKey))
    write()
    if (query.state.fetchStatus !== 'idle') query.promise?.then(write, () => undefined)
  }
}

const idsOf = (messages: readonly MessageItem[]): ReadonlySet<string> => new Set(messages.map(({ id }) => id))

/** The key of a change in the messages. */
export function noticeOf(change: MailAction): NoticeKey {
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

/** The changes that undo a change, one for each different inverse. */
function groupInverses(messages: readonly MessageItem[], change: MailAction): Undo['steps'] {
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
