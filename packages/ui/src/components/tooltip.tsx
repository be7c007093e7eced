'use client'

import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'

import { Kbd } from './kbd.tsx'

export type TooltipProps = {
  label: ReactNode
  /** Keys that do the same, shown beside the label. */
  keys?: readonly string[] | undefined
  side?: 'top' | 'right' | 'bottom' | 'left' | undefined
  children: ReactElement
}

/** Shares the opening delay: once one tooltip was shown, its neighbours open at once. Put it around the application. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return <Base.Provider delay={500}>{children}</Base.Provider>
}

/** A hint on hover and focus. Never the only place of a piece of information. */
export function Tooltip({ label, keys, side = 'bottom', children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-50">
          <Base.Popup className="overlay overlay-motion flex items-center gap-2 px-2 py-1 text-xs text-fg data-instant:transition-none">
            {label}
            {keys?.map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
