import type { QueryClient } from '@tanstack/react-query'

import type { ListFilter } from '../location.ts'
import { mergePage, type MessagePage, type MessagePages } from './pages.ts'
import { MAIL_MUTATION } from './pending.ts'
import { listKey, type ReadPage } from './queries.ts'

export type FreshenerOptions = {
  queryClient: QueryClient
  readPage: ReadPage
  filter: ListFilter
  /** Called with each page that was read again. */
  onFresh: (page: MessagePage, index: number) => void
}

/**
 * Keeps a loaded list current, page by page. `refresh` reads the first page again; the others become stale and are read again
 * when they are in view. Nothing is read while one of our own changes is pending or the list is being loaded anyway, since the
 * answer might lack that change: call `run` once that is over. A page that was being read while a change was made, even one
 * that has finished since, is discarded and read again.
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
      // The next change, or the next scroll, tries again.
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
    /** Sets which messages are in view. */
    look: (ids: ReadonlySet<string>) => {
      inView = ids
      return run()
    },
  }
}
