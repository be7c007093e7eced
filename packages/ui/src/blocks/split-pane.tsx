'use client'

import {
  useEffect,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react'

import { cn } from '../lib/cn.ts'

export type SplitPaneProps = {
  /** The pane that keeps its width. */
  start: ReactNode
  end: ReactNode
  /** Which pane is shown when there is room for only one (below 1280 px). */
  show: 'start' | 'end'
  /** Width of the first pane in pixels. */
  initial: number
  min: number
  max: number
  /** Accessible name of the handle between them. */
  handleLabel: string
  /** Called when the user releases the handle, so that the width can be stored. */
  onResized?: ((width: number) => void) | undefined
  className?: string | undefined
}

const KEY_STEP = 16

// Stacked, not unmounted: the hidden pane keeps its state and scroll position.
const PANE = 'absolute inset-0 flex min-h-0 min-w-0 flex-col xl:static'

/** Two panes with a handle between them, which the pointer and the arrow keys move. */
export function SplitPane({ start, end, show, initial, min, max, handleLabel, onResized, className }: SplitPaneProps) {
  const clamp = (value: number) => Math.min(max, Math.max(min, Math.round(value)))
  const [width, setWidth] = useState(() => clamp(initial))
  const drag = useRef<{ x: number; width: number } | null>(null)
  const latest = useRef(width)
  useEffect(() => {
    latest.current = width
  }, [width])

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { x: event.clientX, width }
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (drag.current !== null) setWidth(clamp(drag.current.width + event.clientX - drag.current.x))
  }
  const onPointerUp = () => {
    if (drag.current === null) return
    drag.current = null
    onResized?.(latest.current)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const next =
      event.key === 'ArrowLeft'
        ? width - KEY_STEP
        : event.key === 'ArrowRight'
          ? width + KEY_STEP
          : event.key === 'Home'
            ? min
            : event.key === 'End'
              ? max
              : null
    if (next === null) return
    event.preventDefault()
    setWidth(clamp(next))
    onResized?.(clamp(next))
  }

  return (
    <div
      className={cn('relative flex min-h-0 min-w-0 flex-1', className)}
      style={{ '--split': `${String(width)}px` } as CSSProperties}
    >
      <div className={cn(PANE, 'xl:w-(--split) xl:shrink-0', show === 'end' && 'max-xl:invisible')}>{start}</div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a focusable separator is a widget (ARIA 1.2 window splitter) */}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={handleLabel}
        aria-valuenow={width}
        aria-valuemin={min}
        aria-valuemax={max}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={onKeyDown}
        className="relative hidden w-px shrink-0 cursor-col-resize touch-none bg-line outline-none xl:block after:absolute after:inset-y-0 after:-left-1 after:z-1 after:w-2 hover:after:bg-accent-soft focus-visible:after:bg-ring"
      />
      <div className={cn(PANE, 'xl:flex-1', show === 'start' && 'max-xl:invisible')}>{end}</div>
    </div>
  )
}
