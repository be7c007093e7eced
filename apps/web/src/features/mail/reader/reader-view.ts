import type { Tag } from '#lib/types.ts'

import type { ReaderTab } from '../use-mail-location.ts'

/** The view state that the reader and its content share. */
export type ReaderView = {
  tab: ReaderTab
  onTab: (tab: ReaderTab) => void
  images: boolean
  onShowImages: () => void
  tags: ReadonlyMap<string, Tag>
}
