'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

import { buttonClass } from '../lib/button-class.ts'
import { cn } from '../lib/cn.ts'
import { Modal, type ModalProps } from './modal.tsx'

export type DialogProps = ModalProps & {
  title: ReactNode
  description?: ReactNode
  closeLabel: string
  /** Buttons at the bottom, the main one last. */
  footer?: ReactNode
  children?: ReactNode
  className?: string | undefined
}

/** Without a tooltip: it often gets the focus first, and Escape would close the tooltip instead of the dialog. */
function CloseButton({ label }: { label: string }) {
  return (
    <Base.Close aria-label={label} className={cn(buttonClass({ variant: 'ghost', size: 'sm' }), 'aspect-square px-0')}>
      <X aria-hidden />
    </Base.Close>
  )
}

/** A modal question or small form. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  closeLabel,
  footer,
  children,
  className,
}: DialogProps) {
  return (
    <Modal open={open} onOpenChange={onOpenChange}>
      <Base.Popup
        className={cn(
          'overlay fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[28rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col outline-none transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0',
          className,
        )}
      >
        <header className="flex items-start gap-3 px-5 pt-4 pb-2">
          <div className="min-w-0 flex-1">
            <Base.Title className="text-lg font-semibold">{title}</Base.Title>
            {description === undefined ? null : (
              <Base.Description className="mt-1 text-sm text-muted">{description}</Base.Description>
            )}
          </div>
          <CloseButton label={closeLabel} />
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto px-5 py-2">{children}</div>
        {footer === undefined ? null : <footer className="flex justify-end gap-2 px-5 pt-2 pb-4">{footer}</footer>}
      </Base.Popup>
    </Modal>
  )
}

export type SheetProps = Omit<DialogProps, 'footer' | 'description'> & { side?: 'left' | 'right' | undefined }

/** A panel that slides in from the side: the navigation on phones, the details of a row. */
export function Sheet({ open, onOpenChange, title, closeLabel, side = 'left', children, className }: SheetProps) {
  return (
    <Modal open={open} onOpenChange={onOpenChange}>
      <Base.Popup
        className={cn(
          'fixed inset-y-0 z-50 flex w-72 max-w-[calc(100vw-3rem)] flex-col bg-canvas shadow-overlay outline-none transition-transform duration-150 ease-out',
          side === 'left'
            ? 'left-0 border-r data-ending-style:-translate-x-full data-starting-style:-translate-x-full'
            : 'right-0 w-[26rem] border-l data-ending-style:translate-x-full data-starting-style:translate-x-full',
          className,
        )}
      >
        <header className="flex h-12 shrink-0 items-center justify-between gap-2 pr-2 pl-4">
          <Base.Title className="truncate text-sm font-semibold">{title}</Base.Title>
          <CloseButton label={closeLabel} />
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
      </Base.Popup>
    </Modal>
  )
}
