import type { QueryClient } from '@tanstack/react-query'

import type { ListFilter } from '../location.ts'
import { mergePage, type MessagePage, type MessagePages } from './pages.ts'
import { MAIL_MUTATION } from './pending.ts'
import { listKey, type ReadPage } from './queries.ts'

export type FreshenerOptions = {
  queryClient: QueryClient
  readPage: ReadPage
  filter: ListFilter
  /** Told of each page that was read again. */
  onFresh: (page: MessagePage, index: number) => void
}

/**
 * Keeps a loaded list current, a page at a time: after `refresh` its first page, and of the others, which are stale from
 * then on, those that are looked at. Reads one page after the other, and none while a change of ours is on its way or the
 * list is being read anyhow: what is read then might not have it yet. `run` goes on when that is over. What was read
 * while a change of ours was made, even one that is over again, is thrown away and read anew.
 */
export function makeFreshener({ queryClient, readPage, filter, onFresh }: FreshenerOptions) {
  const key = listKey(filter)
  let headWanted = false
  let inView: ReadonlySet<string> = new Set()
  let running = false

  const isBusy = () =>
    queryClient.isMutating({ mutationKey: MAIL_MUTATION }) > 0 ||
    queryClient.isFetching({ queryKey: key, exact: true }) > 0
  const latestChange = () => queryClient.getMutationCache().findAll({ mutationKey: MAIL_MUTATION }).at(-1)
  const next = (): { index: number; cursor: string | null } | undefined => {
    const list = isBusy() ? undefined : queryClient.getQueryData<MessagePages>(key)
    if (list === undefined) return undefined
    const index = headWanted
      ? 0
      : list.pages.findIndex(({ stale, data }) => stale === true && data.some(({ id }) => inView.has(id)))
    return index < 0 ? undefined : { index, cursor: list.pageParams[index] ?? null }
  }
  const readAgain = async (index: number, cursor: string | null) => {
    if (index === 0) headWanted = false
    const before = latestChange()
    const fresh = await readPage(filter, { cursor })
    if (isBusy() || latestChange() !== before) {
      headWanted ||= index === 0
      return
    }
    queryClient.setQueryData<MessagePages>(key, (list) =>
      list === undefined || (list.pageParams[index] ?? null) !== cursor ? list : mergePage(list, index, fresh),
    )
    onFresh(fresh, index)
  }

  async function run(): Promise<void> {
    if (running) return
    running = true
    try {
      for (let page = next(); page !== undefined; page = next()) await readAgain(page.index, page.cursor)
    } catch {
      // The next change, or the next look, tries again.
    } finally {
      running = false
    }
  }

  return {
    run,
    refresh: () => {
      headWanted = true
      return run()
    },
    /** Says which messages are in view. */
    look: (ids: ReadonlySet<string>) => {
      inView = ids
      return run()
    },
  }
}
