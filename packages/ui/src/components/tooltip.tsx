'use client'

import { cloneElement, useEffect, useLayoutEffect, useRef, useState, type ReactElement, type ReactNode } from 'react'
import { createPortal } from 'react-dom'

import { Kbd } from './kbd.tsx'

const OPEN_MS = 500
/** Time to move the pointer from the element onto its tooltip. */
const CLOSE_MS = 120
const GAP = 6

export type TooltipProps = {
  label: string
  /** The keyboard shortcut, shown beside the label. */
  keys?: readonly string[] | undefined
  side?: 'bottom' | 'right' | undefined
  children: ReactElement
}

/** A visual hint on hover and keyboard focus. Hidden from assistive technology: never put information only here. */
export function Tooltip({ label, keys, side, children }: TooltipProps) {
  const marks: object = { 'data-tooltip': label, 'data-tooltip-keys': keys?.join(' '), 'data-tooltip-side': side }
  return cloneElement(children, marks)
}

/** Shows the tooltips of everything inside, one at a time. Put it around the application. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <>
      {children}
      <TooltipLayer />
    </>
  )
}

function TooltipLayer() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const popup = useRef<HTMLDivElement>(null)
  useEffect(() => watchAnchors(setAnchor), [])
  useLayoutEffect(() => {
    if (anchor !== null && popup.current !== null) place(popup.current, anchor)
  }, [anchor])
  if (anchor === null) return null
  const { tooltip, tooltipKeys = '' } = anchor.dataset
  return createPortal(
    <div
      ref={popup}
      aria-hidden
      data-tooltip-popup
      className="overlay fixed z-60 flex max-w-80 items-center gap-2 px-2 py-1 text-xs text-fg"
    >
      <bdi>{tooltip}</bdi>
      {tooltipKeys.split(' ').map((key) => (key === '' ? null : <Kbd key={key}>{key}</Kbd>))}
    </div>,
    document.body,
  )
}

/** Reports the element whose tooltip is due: after a delay on hover, at once on keyboard focus. */
function watchAnchors(show: (anchor: HTMLElement | null) => void): () => void {
  const watching = new AbortController()
  let shown: HTMLElement | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const set = (anchor: HTMLElement | null) => {
    clearTimeout(timer)
    shown = anchor
    show(anchor)
  }
  const later = (anchor: HTMLElement | null) => {
    clearTimeout(timer)
    if (anchor === shown) return
    // While one is shown, its neighbours' appear without a delay.
    const delay = anchor === null ? CLOSE_MS : shown === null ? OPEN_MS : 0
    timer = setTimeout(() => set(anchor), delay)
  }
  const on = <K extends keyof DocumentEventMap>(type: K, listener: (event: DocumentEventMap[K]) => void) =>
    document.addEventListener(type, listener, { capture: true, signal: watching.signal })

  on('pointerover', ({ target, pointerType }) => {
    if (pointerType === 'touch' || !(target instanceof Element)) return
    if (target.closest('[data-tooltip-popup]') === null) later(target.closest<HTMLElement>('[data-tooltip]'))
    else clearTimeout(timer)
  })
  on('pointerout', ({ relatedTarget }) => {
    if (relatedTarget === null) later(null)
  })
  on('focusin', ({ target }) => {
    if (target instanceof HTMLElement && target.matches('[data-tooltip]:focus-visible')) set(target)
  })
  for (const type of ['focusout', 'pointerdown', 'keydown', 'scroll'] as const) on(type, () => set(null))
  return () => {
    clearTimeout(timer)
    watching.abort()
  }
}

/** Places a tooltip next to its anchor, within the window. */
function place(popup: HTMLElement, anchor: HTMLElement): void {
  const { top, right, bottom, left, width, height } = anchor.getBoundingClientRect()
  const own = popup.getBoundingClientRect()
  const beside = anchor.dataset['tooltipSide'] === 'right'
  const below = bottom + GAP + own.height <= window.innerHeight ? bottom + GAP : top - GAP - own.height
  const x = beside ? right + GAP : left + (width - own.width) / 2
  const y = beside ? top + (height - own.height) / 2 : below
  popup.style.left = `${String(Math.max(GAP, Math.min(x, window.innerWidth - own.width - GAP)))}px`
  popup.style.top = `${String(Math.max(GAP, y))}px`
}
