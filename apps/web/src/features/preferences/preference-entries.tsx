'use client'

import type { MenuEntry } from '@mairust/ui'
import { Monitor, Moon, Sun } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { LOCALES } from '#lib/preferences.ts'

import { useLanguage, useTheme } from './use-preferences.ts'

/** Theme and language as menu entries. */
export function usePreferenceEntries(): { theme: MenuEntry; language: MenuEntry } {
  const t = useTranslations('preferences')
  const [theme, setTheme] = useTheme()
  const [language, setLanguage] = useLanguage()
  return {
    theme: {
      kind: 'radio',
      key: 'theme',
      label: t('theme'),
      value: theme,
      onSelect: setTheme,
      options: [
        { value: 'system', label: t('system'), icon: <Monitor /> },
        { value: 'light', label: t('light'), icon: <Sun /> },
        { value: 'dark', label: t('dark'), icon: <Moon /> },
      ],
    },
    language: {
      kind: 'radio',
      key: 'language',
      label: t('language'),
      value: language,
      onSelect: setLanguage,
      options: LOCALES.map((locale) => ({ value: locale, label: t(`languages.${locale}`) })),
    },
  }
}
