import { act, render, screen } from '@testing-library/react'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'

import { useMediaQuery } from './use-media-query.ts'

function Width() {
  return <p>{useMediaQuery('(min-width: 80rem)', true) ? 'wide' : 'narrow'}</p>
}

test('follows the window, and starts from the server’s assumption', () => {
  const listeners = new Set<() => void>()
  let matches = false
  vi.stubGlobal('matchMedia', () => ({
    get matches() {
      return matches
    },
    addEventListener: (_type: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_type: string, listener: () => void) => listeners.delete(listener),
  }))
  expect(renderToString(<Width />)).toContain('wide')
  const view = render(<Width />)
  expect(screen.getByText('narrow')).toBeTruthy()
  matches = true
  act(() => {
    for (const listener of listeners) listener()
  })
  expect(screen.getByText('wide')).toBeTruthy()
  view.unmount()
  expect(listeners.size).toBe(0)
})
