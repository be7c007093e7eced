'use client'

import { lazy, Suspense, useSyncExternalStore } from 'react'

// Nothing can have happened before the page is there, so this is fetched after it.
const loadView = () => import('./toaster-view.tsx')
const ToasterView = lazy(async () => ({ default: (await loadView()).ToasterView }))

/** Shows messages about what just happened, in a live region; put one at the end of the application. */
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
  const { action, description, id, duration = 5000 } = options
  void loadView().then(({ toast }) =>
    toast[kind](message, {
      duration,
      // Named even when absent: a toast that replaces another of its id keeps what it is not told.
      description,
      action: action && { label: action.label, onClick: () => action.onSelect() },
      ...(id === undefined ? {} : { id }),
    }),
  )
}

/** Takes away the toast of this id. */
export function dismissNotice(id: string): void {
  void loadView().then(({ toast }) => toast.dismiss(id))
}
