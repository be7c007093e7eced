import { cn } from '@mairust/ui'
import { Fragment, type ReactNode, useMemo } from 'react'

import { splitLinks } from './body-text.ts'
import { paragraphsOf, rowsOf, type TextBlock } from './text-blocks.ts'

/** What is outside the view is not laid out, but taken to be about as high as so many rows. */
export const IN_VIEW = '[content-visibility:auto] [overflow-clip-margin:0.25rem]'
export const heightOf = (rows: number) => ({ containIntrinsicHeight: `auto ${String(rows)}lh` })
/** Each line has the direction of its first strong character. */
const LINES = '[unicode-bidi:plaintext]'

/** A block of the full width. As it is within a line, text is copied without line feeds beyond its own. */
function Block({ rows, dir, children }: { rows: number; dir?: 'auto' | undefined; children: ReactNode }) {
  return (
    <span
      dir={dir}
      style={heightOf(rows)}
      className={cn('inline-block w-full align-top', IN_VIEW, dir === 'auto' && LINES)}
    >
      {children}
    </span>
  )
}

/** Lines of text with links. */
export function TextLines({ text }: { text: string }) {
  const paragraphs = useMemo(() => paragraphsOf(text, splitLinks), [text])
  return (
    <p dir="auto" style={heightOf(rowsOf(paragraphs.flat()))} className={cn('whitespace-pre-wrap', LINES, IN_VIEW)}>
      {paragraphs.map((blocks, index) =>
        paragraphs.length === 1 ? (
          <Blocks key={index} blocks={blocks} />
        ) : (
          <Block key={index} rows={rowsOf(blocks)} dir="auto">
            <Blocks blocks={blocks} />
          </Block>
        ),
      )}
    </p>
  )
}

/** Text of any length from other people, inside a line: what is long is in blocks of the whole width, each laid out alone. */
export function LongText({ text }: { text: string }) {
  const blocks = useMemo(() => paragraphsOf(text).flat(), [text])
  return <Blocks blocks={blocks} />
}

/** One block as it is; several one below the other. */
function Blocks({ blocks }: { blocks: readonly TextBlock[] }) {
  return blocks.map((block, index) =>
    blocks.length === 1 ? (
      <Pieces key={index} block={block} />
    ) : (
      <Block key={index} rows={block.rows}>
        <Pieces block={block} />
      </Block>
    ),
  )
}

function Pieces({ block }: { block: TextBlock }) {
  return block.pieces.map((piece, index) =>
    piece.kind === 'link' ? (
      <a
        key={index}
        href={piece.target}
        title={piece.label}
        target="_blank"
        rel="noopener noreferrer nofollow ugc"
        dir="ltr"
        className="text-accent underline underline-offset-2"
      >
        <Parts parts={piece.parts} />
      </a>
    ) : (
      <Parts key={index} parts={piece.parts} />
    ),
  )
}

/** Parts of a text between which a line may break. */
function Parts({ parts }: { parts: readonly string[] }) {
  return parts.map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}
