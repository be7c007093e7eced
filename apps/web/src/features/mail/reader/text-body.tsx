'use client'

import { useTranslations } from 'next-intl'
import { Fragment, useMemo } from 'react'

import { splitLinks, splitQuotes } from './body-text.ts'

/** Each line has the direction of its first strong character. */
const LINES = 'whitespace-pre-wrap [unicode-bidi:plaintext]'

function LinkedText({ text }: { text: string }) {
  return splitLinks(text).map((piece, index) =>
    piece.kind === 'link' ? (
      <a
        key={index}
        href={piece.text}
        target="_blank"
        rel="noopener noreferrer nofollow ugc"
        dir="ltr"
        className="text-accent underline underline-offset-2"
      >
        {piece.text}
      </a>
    ) : (
      <Fragment key={index}>{piece.text}</Fragment>
    ),
  )
}

/** Plain text with clickable links and folded long quotes. */
export function TextBody({ text }: { text: string }) {
  const t = useTranslations('reader')
  const blocks = useMemo(() => splitQuotes(text.trimEnd()), [text])
  return (
    <div className="prose-text max-w-[80ch] text-fg">
      {blocks.map((block, index) =>
        block.kind === 'text' ? (
          <p key={index} dir="auto" className={LINES}>
            <LinkedText text={block.text} />
          </p>
        ) : (
          <details key={index} className="my-2 border-l-2 border-line-strong pl-3 text-muted">
            <summary className="w-fit rounded-sm px-1 text-xs text-subtle hover:text-fg">
              {t('quoted', { count: block.text.split('\n').length })}
            </summary>
            <p dir="auto" className={`mt-1 ${LINES}`}>
              <LinkedText text={block.text} />
            </p>
          </details>
        ),
      )}
    </div>
  )
}
