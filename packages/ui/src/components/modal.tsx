'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'

export type ModalProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** A modal dialog over a dimmed page; its child is the `Popup`. */
export function Modal({ open, onOpenChange, children }: ModalProps & { children: ReactNode }) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        {children}
      </Base.Portal>
    </Base.Root>
  )
}
