import { cleanup, configure } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

/** Stubs for browser features that jsdom lacks and the pages use. Elements get a fixed size. */
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
Element.prototype.scrollIntoView = () => undefined
Element.prototype.getAnimations = () => []
Element.prototype.scrollTo = () => undefined
Element.prototype.setPointerCapture = () => undefined
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 })
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 800 })

afterEach(() => {
  cleanup()
  document.cookie.split('; ').forEach((pair) => {
    document.cookie = `${pair.split('=')[0] ?? ''}=; Max-Age=0; Path=/`
  })
})

// Tests wait for a state, not for this time: it is long for machines that are busy with other packages' tests.
configure({ asyncUtilTimeout: 15_000 })
