'use client'

import { lazy, Suspense, useSyncExternalStore } from 'react'

// No toast can be due before the page has loaded, so this is loaded after it.
const loadView = () => import('./toaster-view.tsx')
const ToasterView = lazy(async () => ({ default: (await loadView()).ToasterView }))

/** Shows toasts in a live region; put one at the end of the application. */
export function Toaster(props: { label: string; closeLabel: string }) {
  const ready = useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  )
  return ready ? (
    <Suspense>
      <ToasterView {...props} />
    </Suspense>
  ) : null
}

export type ToastOptions = {
  /** A button such as "Undo", and what it does. */
  action?: { label: string; onSelect: () => void } | undefined
  description?: string | undefined
  /** A toast replaces an earlier one with the same id. */
  id?: string | undefined
  /** Milliseconds; 5000 by default. */
  duration?: number | undefined
}

/** Shows a toast: what happened, and at most one action. */
export function notify(kind: 'success' | 'error' | 'info', message: string, options: ToastOptions = {}): void {
  const { action, description, id, duration = 5000 } = options
  void loadView().then(({ toast }) =>
    toast[kind](message, {
      duration,
      // Passed even when undefined: otherwise a toast that replaces another keeps the other's description and action.
      description,
      action: action && { label: action.label, onClick: () => action.onSelect() },
      ...(id === undefined ? {} : { id }),
    }),
  )
}

/** Removes the toast with this id. */
export function dismissNotice(id: string): void {
  void loadView().then(({ toast }) => toast.dismiss(id))
}
