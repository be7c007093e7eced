'use client'

import { cn } from '@mairust/ui'
import { useTranslations } from 'next-intl'
import { useLayoutEffect, useRef, useState } from 'react'

/** The subject of a message, cut to three lines until it is expanded. */
export function Subject({ text }: { text: string }) {
  const t = useTranslations('reader')
  const heading = useRef<HTMLHeadingElement>(null)
  const [long, setLong] = useState(false)
  const [expanded, setExpanded] = useState(false)
  useLayoutEffect(() => {
    const { scrollHeight, clientHeight } = heading.current ?? { scrollHeight: 0, clientHeight: 0 }
    setLong(scrollHeight > clientHeight)
  }, [text])
  return (
    <div className="px-4 pt-4 pb-3 md:px-6">
      <h1
        ref={heading}
        dir="auto"
        className={cn(
          'text-left text-xl leading-snug font-semibold tracking-tight wrap-anywhere',
          !expanded && 'line-clamp-3',
        )}
      >
        {text}
      </h1>
      {long ? (
        <button
          type="button"
          aria-expanded={expanded}
          onClick={() => setExpanded(!expanded)}
          className="mt-1 rounded-sm text-xs text-subtle hover:text-fg"
        >
          {t(expanded ? 'subjectLess' : 'subjectMore')}
        </button>
      ) : null}
    </div>
  )
}
