import { cleanup, configure } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

/** Stubs for browser features that jsdom lacks and the components use. */
class NoResizeObserver implements ResizeObserver {
  observe(): void {
    /* jsdom has no layout, so nothing is ever resized */
  }
  unobserve(): void {
    /* nothing was observed */
  }
  disconnect(): void {
    /* nothing was observed */
  }
}

vi.stubGlobal('ResizeObserver', NoResizeObserver)
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
}))
Element.prototype.scrollIntoView = () => undefined
Element.prototype.getAnimations = () => []
Element.prototype.hasPointerCapture = () => false
Element.prototype.setPointerCapture = () => undefined

afterEach(cleanup)

// Tests wait for a state, not for this time: it is long for machines that are busy with other packages' tests.
configure({ asyncUtilTimeout: 15_000 })
