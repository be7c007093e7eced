import { useSyncExternalStore } from 'react'
import { vi } from 'vitest'

const listeners = new Set<() => void>()
const original = window.history.pushState.bind(window.history)
window.history.pushState = (...change: Parameters<History['pushState']>) => {
  original(...change)
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const router = { refresh: vi.fn(), push: vi.fn(), replace: vi.fn() }
export const useRouter = () => router

/** Follows the URL, like Next's own hook. */
export const usePathname = () => useSyncExternalStore(subscribe, () => window.location.pathname)
