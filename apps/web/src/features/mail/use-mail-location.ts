'use client'

import { usePathname } from 'next/navigation'
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useCallback, useMemo } from 'react'

import { parsePlace, placePath, type MailPlace } from './location.ts'

export const READER_TABS = ['message', 'headers', 'authentication', 'source', 'trace'] as const
export type ReaderTab = (typeof READER_TABS)[number]

const PARAMETERS = {
  q: parseAsString.withDefault(''),
  unread: parseAsBoolean.withDefault(false),
  m: parseAsString,
  tab: parseAsStringLiteral(READER_TABS).withDefault('message'),
  images: parseAsString,
}

/**
 * The URL holds everything that determines what is shown: place, search, filter, open message and its tab.
 * Navigation changes it in the browser only and requests no page.
 */
export function useMailLocation(fallback: MailPlace) {
  const pathname = usePathname()
  const [parameters, setParameters] = useQueryStates(PARAMETERS, { history: 'push' })
  const place = useMemo<MailPlace>(() => {
    const parsed = parsePlace(pathname)
    return { mailbox: parsed.mailbox ?? fallback.mailbox, folder: parsed.folder ?? fallback.folder }
  }, [pathname, fallback.mailbox, fallback.folder])

  const goTo = useCallback((next: MailPlace) => window.history.pushState(null, '', placePath(next)), [])
  const open = useCallback(
    (id: string | null, options: { replace?: boolean } = {}) =>
      void setParameters(
        { m: id, tab: null, images: null },
        { history: options.replace === true ? 'replace' : 'push' },
      ),
    [setParameters],
  )
  const search = useCallback(
    (q: string) => void setParameters({ q: q === '' ? null : q, m: null, tab: null, images: null }),
    [setParameters],
  )
  const showUnread = useCallback(
    (unread: boolean) => void setParameters({ unread: unread ? true : null, m: null }),
    [setParameters],
  )
  const showTab = useCallback((tab: ReaderTab) => void setParameters({ tab }, { history: 'replace' }), [setParameters])
  const showImages = useCallback(
    (id: string) => void setParameters({ images: id }, { history: 'replace' }),
    [setParameters],
  )

  return {
    place,
    q: parameters.q,
    unreadOnly: parameters.unread,
    openId: parameters.m,
    tab: parameters.tab,
    imagesFor: parameters.images,
    goTo,
    open,
    search,
    showUnread,
    showTab,
    showImages,
  }
}

export type MailLocation = ReturnType<typeof useMailLocation>
