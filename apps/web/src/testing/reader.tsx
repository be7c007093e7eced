import { userEvent } from '@testing-library/user-event'
import { useState } from 'react'
import { vi } from 'vitest'

import { MessageReader } from '#features/mail/reader/message-reader.tsx'
import type { ReaderTab } from '#features/mail/use-mail-location.ts'
import type { MessageDetail } from '#lib/types.ts'

import { type Handlers, renderPage } from './fake-api.tsx'
import { makeDetail } from './messages.ts'

export const ID = makeDetail(1).id

export function Reader({ onClose }: { onClose: () => void }) {
  const [tab, setTab] = useState<ReaderTab>('message')
  const [images, setImages] = useState(false)
  return (
    <MessageReader
      id={ID}
      tab={tab}
      onTab={setTab}
      images={images}
      onShowImages={() => setImages(true)}
      tags={new Map()}
      actions={<i />}
      onClose={onClose}
      onPrevious={undefined}
      onNext={undefined}
    />
  )
}

/** Opens a message in the reader. */
export function openReader(changes: Partial<MessageDetail> = {}, handlers: Handlers = {}) {
  const onClose = vi.fn()
  const page = renderPage(<Reader onClose={onClose} />, {
    handlers: { 'messages.get': () => ({ data: makeDetail(1, changes) }), ...handlers },
  })
  return { ...page, onClose, user: userEvent.setup() }
}
