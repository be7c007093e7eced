import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Banner } from './states.tsx'

test('the text of a banner is a paragraph, so that the theme’s line-breaking rules apply', () => {
  render(<Banner icon={<svg />}>Full</Banner>)
  expect(screen.getByText('Full').tagName).toBe('P')
})
