'use client'

import { CircleAlert, CircleCheck, Info } from 'lucide-react'
import { Toaster as Sonner } from 'sonner'

import { Spinner } from './spinner.tsx'

export { toast } from 'sonner'

/** The live region in which toasts appear. */
export function ToasterView({ label, closeLabel }: { label: string; closeLabel: string }) {
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
