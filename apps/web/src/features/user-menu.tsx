'use client'

import { Avatar, DropdownMenu, Isolate, isolated, type MenuEntry } from '@mairust/ui'
import { useMutation } from '@tanstack/react-query'
import { Keyboard, LogOut, Route, UserRound } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { usePreferenceEntries } from '#features/preferences/preference-entries.tsx'
import type { User } from '#lib/types.ts'
import { useTRPC } from '#trpc/client.tsx'

export type UserMenuProps = { user: User; onShortcuts: () => void; extra?: readonly MenuEntry[] | undefined }

/** The menu of the signed-in user: theme, language, account, trace, shortcuts and sign-out. */
export function UserMenu({ user, onShortcuts, extra = [] }: UserMenuProps) {
  const t = useTranslations('user')
  const trpc = useTRPC()
  const { theme, language } = usePreferenceEntries()
  const logout = useMutation(trpc.auth.logout.mutationOptions({ onSettled: () => window.location.assign('/login') }))
  const name = user.name === '' ? user.email : user.name
  const entries: MenuEntry[] = [
    {
      kind: 'heading',
      key: 'who',
      label: (
        <span className="block">
          <Isolate truncate className="text-sm font-medium text-fg">
            {name}
          </Isolate>
          {name === user.email ? null : (
            <Isolate dir="ltr" truncate>
              {user.email}
            </Isolate>
          )}
        </span>
      ),
    },
    { kind: 'separator', key: 's1' },
    ...extra,
    theme,
    { kind: 'separator', key: 's2' },
    language,
    { kind: 'separator', key: 's3' },
    { kind: 'link', key: 'account', label: t('account'), icon: <UserRound />, href: '/account' },
    { kind: 'link', key: 'trace', label: t('trace'), icon: <Route />, href: '/trace' },
    { kind: 'item', key: 'shortcuts', label: t('shortcuts'), icon: <Keyboard />, keys: ['?'], onSelect: onShortcuts },
    { kind: 'item', key: 'logout', label: t('signOut'), icon: <LogOut />, onSelect: () => logout.mutate({}) },
  ]
  return (
    <DropdownMenu
      align="end"
      entries={entries}
      trigger={
        <button type="button" aria-label={t('menu', { name: isolated(name) })} className="rounded-full">
          <Avatar name={name} seed={user.email} className="size-7" />
        </button>
      }
    />
  )
}
