'use client'

import { CircleAlert, CircleCheck, Info } from 'lucide-react'
import { Toaster as Sonner, toast } from 'sonner'

import { Spinner } from './spinner.tsx'

/** Shows messages about what just happened, in a live region; put one at the end of the application. */
export function Toaster({ label, closeLabel }: { label: string; closeLabel: string }) {
  return (
    <Sonner
      position="bottom-center"
      containerAriaLabel={label}
      hotkey={[]}
      style={{ fontFamily: 'inherit' }}
      gap={8}
      icons={{
        success: <CircleCheck aria-hidden className="size-4 text-success" />,
        error: <CircleAlert aria-hidden className="size-4 text-danger" />,
        info: <Info aria-hidden className="size-4 text-info" />,
        loading: <Spinner />,
      }}
      toastOptions={{
        unstyled: true,
        closeButtonAriaLabel: closeLabel,
        classNames: {
          toast: 'overlay flex w-full items-center gap-3 px-3.5 py-2.5 text-sm text-fg sm:w-[22rem]',
          title: 'font-medium',
          description: 'text-xs text-muted',
          content: 'min-w-0 flex-1',
          actionButton:
            'ml-auto h-7 shrink-0 rounded-md px-2 text-sm font-medium text-accent hover:bg-hover focus-visible:outline-2 focus-visible:outline-ring',
        },
      }}
    />
  )
}

export type ToastOptions = {
  /** One word to click, such as "Undo", and what it does. */
  action?: { label: string; onSelect: () => void } | undefined
  description?: string | undefined
  /** Toasts of one id replace each other. */
  id?: string | undefined
  /** Milliseconds; 5000 if left out. */
  duration?: number | undefined
}

/** Says what happened, with one way to react to it. */
export function notify(kind: 'success' | 'error' | 'info', message: string, options: ToastOptions = {}): void {
  const { action, ...rest } = options
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  toast[kind](message, {
    duration: 5000,
    ...given,
    ...(action ? { action: { label: action.label, onClick: () => action.onSelect() } } : {}),
  })
}

/** Takes away the toast of this id. */
export function dismissNotice(id: string): void {
  toast.dismiss(id)
}
