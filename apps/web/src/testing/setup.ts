import { cleanup, configure } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

/** What jsdom lacks of a browser and the pages ask for. Elements are as large as the tests need them. */
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

// waiting ends at the state; this only bounds it on a machine that is busy with the other packages' tests
configure({ asyncUtilTimeout: 15_000 })
