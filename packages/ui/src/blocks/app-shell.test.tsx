import { render, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { Inbox } from 'lucide-react'
import { useState } from 'react'
import { expect, test } from 'vitest'

import { TooltipProvider } from '../components/tooltip.tsx'
import { AppShell } from './app-shell.tsx'
import { NavItem, SidebarGroup } from './sidebar.tsx'

const LABELS = {
  skip: 'Skip',
  navigation: 'Main',
  open: 'Open',
  close: 'Close',
  collapse: 'Collapse',
  expand: 'Expand',
}

function Shell() {
  const [collapsed, setCollapsed] = useState(false)
  const [page, setPage] = useState('inbox')
  return (
    <TooltipProvider>
      <AppShell
        brand="MaiRust"
        navigation={
          <SidebarGroup title="Mail">
            {['inbox', 'sent'].map((name) => (
              <NavItem
                key={name}
                render={<button type="button" onClick={() => setPage(name)} />}
                icon={<Inbox />}
                label={name}
                active={page === name}
                badge={<b>7</b>}
              />
            ))}
          </SidebarGroup>
        }
        topbar={<p>Top</p>}
        collapsed={collapsed}
        onCollapsedChange={setCollapsed}
        pageKey={page}
        labels={LABELS}
      >
        <p>{page}</p>
      </AppShell>
    </TooltipProvider>
  )
}

test('the sidebar collapses to icons that keep their names', async () => {
  const user = userEvent.setup()
  render(<Shell />)
  expect(screen.getAllByText('7')).toHaveLength(2)
  await user.click(screen.getByRole('button', { name: 'Collapse' }))
  expect(screen.queryByText('7')).toBeNull()
  expect(screen.getByRole('button', { name: 'inbox' }).getAttribute('aria-current')).toBe('page')
  expect(screen.getByRole('button', { name: 'Expand' }).getAttribute('aria-expanded')).toBe('false')
})

test('on phones the navigation sheet closes when the page changes', async () => {
  const user = userEvent.setup()
  render(<Shell />)
  await user.click(screen.getByRole('button', { name: 'Open' }))
  const sheet = await screen.findByRole('dialog')
  await user.click(within(sheet).getByRole('button', { name: /sent/ }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(screen.getByRole('main').textContent).toBe('sent')
})

test('a link skips to the content', () => {
  render(<Shell />)
  expect(screen.getByText('Skip').getAttribute('href')).toBe(`#${screen.getByRole('main').id}`)
})
