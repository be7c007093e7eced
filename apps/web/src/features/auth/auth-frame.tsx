'use client'

import { Button, cn, DropdownMenu, type MenuEntry } from '@mairust/ui'
import { Languages, SunMoon } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import { Brand } from '#features/brand.tsx'
import { usePreferenceEntries } from '#features/preferences/preference-entries.tsx'

/** The frame of the pages before signing in: brand above, language and theme below. */
export function AuthFrame({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  const t = useTranslations('preferences')
  const { theme, language } = usePreferenceEntries()
  return (
    <div className="flex relative min-h-dvh flex-col bg-canvas">
      <header className="flex h-14 shrink-0 items-center px-5">
        <Brand />
      </header>
      {aside === undefined ? (
        <main id="main" className="flex flex-1 items-start justify-center px-5 pt-6 pb-12 md:pt-[14vh]">
          <div className="w-full max-w-[25rem] md:rounded-xl md:border md:bg-surface md:p-8">{children}</div>
        </main>
      ) : (
        <div className="flex flex-1 flex-col md:flex-row">
          {aside}
          <main
            id="main"
            className="flex flex-1 items-start justify-center px-5 pt-6 pb-12 md:rounded-tl-xl md:border-t md:border-l md:bg-surface md:pt-[12vh]"
          >
            {children}
          </main>
        </div>
      )}
      <footer
        className={cn(
          'flex h-12 shrink-0 items-center justify-end gap-1 px-3',
          aside !== undefined && 'md:absolute md:bottom-1 md:left-3',
        )}
      >
        <FooterMenu entry={language} icon={<Languages />} label={t('language')} />
        <FooterMenu entry={theme} icon={<SunMoon />} label={t('theme')} />
      </footer>
    </div>
  )
}

function FooterMenu({ entry, icon, label }: { entry: MenuEntry; icon: ReactNode; label: string }) {
  return (
    <DropdownMenu
      side="top"
      align="end"
      entries={[entry]}
      trigger={
        <Button variant="ghost" size="sm" icon={icon}>
          {label}
        </Button>
      }
    />
  )
}
