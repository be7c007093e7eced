'use client'

import { Menu, PanelLeft } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'

import { IconButton } from '../components/icon-button.tsx'
import { cn } from '../lib/cn.ts'
import { SidebarCollapsed } from './sidebar.tsx'

const Sheet = lazy(async () => ({ default: (await import('../components/dialog.tsx')).Sheet }))

export type AppShellProps = {
  /** Name and mark at the top of the sidebar. */
  brand: ReactNode
  /** The groups of links in the sidebar. */
  navigation: ReactNode
  /** At the foot of the sidebar. */
  footer?: ReactNode
  /** Breadcrumbs, search, connection status and user menu. */
  topbar: ReactNode
  children: ReactNode
  collapsed: boolean
  onCollapsedChange: (collapsed: boolean) => void
  /** Identifies the page that is shown: when it changes, the navigation sheet on phones closes. */
  pageKey: string
  labels: { skip: string; navigation: string; open: string; close: string; collapse: string; expand: string }
}

/** The frame of the whole application: sidebar (240 px, 56 px collapsed, a sheet on phones), top bar and page. */
export function AppShell({
  brand,
  navigation,
  footer,
  topbar,
  children,
  collapsed,
  onCollapsedChange,
  pageKey,
  labels,
}: AppShellProps) {
  const [openOn, setOpenOn] = useState<string | null>(null)
  // Loaded at the first opening; mounted from then on, so that it can slide out.
  const [opened, setOpened] = useState(false)
  const toggleLabel = collapsed ? labels.expand : labels.collapse
  return (
    <div className="flex h-dvh min-w-0 overflow-hidden bg-canvas">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent-solid px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {labels.skip}
      </a>
      <aside className={cn('hidden shrink-0 flex-col md:flex', collapsed ? 'w-14' : 'w-60')}>
        <SidebarCollapsed value={collapsed}>
          <div className={cn('flex h-12 shrink-0 items-center gap-2', collapsed ? 'justify-center' : 'pr-2 pl-4')}>
            {collapsed ? null : <div className="min-w-0 flex-1">{brand}</div>}
            <IconButton
              size="sm"
              side="right"
              label={toggleLabel}
              keys={['[']}
              icon={<PanelLeft />}
              aria-expanded={!collapsed}
              onClick={() => onCollapsedChange(!collapsed)}
            />
          </div>
          <nav aria-label={labels.navigation} className="min-h-0 flex-1 overflow-y-auto">
            {navigation}
          </nav>
          {footer}
        </SidebarCollapsed>
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex h-12 shrink-0 items-center gap-2 px-3 md:pl-1">
          <div className="md:hidden">
            <IconButton
              label={labels.open}
              icon={<Menu />}
              onClick={() => {
                setOpenOn(pageKey)
                setOpened(true)
              }}
            />
          </div>
          {topbar}
        </header>
        <main
          id="main"
          tabIndex={-1}
          className="flex min-h-0 min-w-0 flex-1 flex-col overflow-hidden border-t bg-surface outline-none md:rounded-tl-lg md:border-l"
        >
          {children}
        </main>
      </div>
      {opened ? (
        <Suspense>
          <Sheet
            open={openOn === pageKey}
            onOpenChange={(open) => setOpenOn(open ? pageKey : null)}
            title={brand}
            closeLabel={labels.close}
          >
            <nav aria-label={labels.navigation}>{navigation}</nav>
            {footer}
          </Sheet>
        </Suspense>
      ) : null}
    </div>
  )
}
