'use client'

import { Button } from '@mairust/ui'
import { ChevronDown } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { memo, useMemo, useState } from 'react'

import { portionsOf, splitQuotes } from './body-text.ts'
import { TextLines } from './blocks.tsx'

/** A part of a text. */
const Portion = memo(function Portion({ text, isAdded }: { text: string; isAdded: boolean }) {
  const t = useTranslations('reader')
  const blocks = useMemo(() => splitQuotes(text.replace(/\n$/, '')), [text])
  return (
    <div
      // Whoever asked for more reads on here, with the keyboard or a screen reader.
      ref={isAdded ? focusQuietly : undefined}
      tabIndex={isAdded ? -1 : undefined}
      className="outline-none"
    >
      {blocks.map((block, index) =>
        block.kind === 'text' ? (
          <TextLines key={index} text={block.text} />
        ) : (
          <details key={index} className="my-2 border-l-2 border-line-strong pl-3 text-muted">
            <summary className="w-fit rounded-sm px-1 text-xs text-subtle hover:text-fg">
              {t('quoted', { count: block.text.split('\n').length })}
            </summary>
            <div className="mt-1">
              <TextLines text={block.text} />
            </div>
          </details>
        ),
      )}
    </div>
  )
})

function focusQuietly(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true })
}

/** Plain text with clickable links and folded long quotes. A long text is shown in portions, each when it is asked for. */
export function TextBody({ text: given }: { text: string }) {
  const t = useTranslations('reader')
  const locale = useLocale()
  const [count, setCount] = useState(1)
  const text = useMemo(() => given.replaceAll('\r\n', '\n').trimEnd(), [given])
  const portions = useMemo(() => portionsOf(text, count), [text, count])
  const left = text.length - portions.reduce((sum, portion) => sum + portion.length, 0)
  return (
    <div className="prose-text max-w-[80ch] text-fg">
      {portions.map((portion, index) => (
        <Portion key={index} text={portion} isAdded={index > 0} />
      ))}
      {left === 0 ? null : (
        <Button size="sm" className="mt-4" icon={<ChevronDown />} onClick={() => setCount(count + 1)}>
          {t('moreText', { left: left.toLocaleString(locale) })}
        </Button>
      )}
    </div>
  )
}
