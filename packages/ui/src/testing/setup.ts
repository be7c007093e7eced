import { cleanup, configure } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

/** What jsdom lacks of a browser and the components ask for. */
class NoResizeObserver implements ResizeObserver {
  observe(): void {
    /* nothing is ever resized */
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

// waiting ends at the state; this only bounds it on a machine that is busy with the other packages' tests
configure({ asyncUtilTimeout: 15_000 })
