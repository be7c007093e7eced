'use client'

import { useLocale } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useCallback, useSyncExternalStore } from 'react'

import { LOCALES, THEMES, oneOf, remember, type Locale, type Theme } from '#lib/preferences.ts'

const subscribe = (changed: () => void) => {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

/** The chosen theme, and a function that changes it, now and for later visits. */
export function useTheme(): [Theme, (theme: string) => void] {
  const theme = useSyncExternalStore(
    subscribe,
    () => oneOf(THEMES, document.documentElement.dataset['theme']),
    () => 'system' as const,
  )
  const choose = useCallback((value: string) => {
    const next = oneOf(THEMES, value)
    document.documentElement.dataset['theme'] = next
    remember('theme', next)
  }, [])
  return [theme, choose]
}

/** The current language, and a function that changes it. */
export function useLanguage(): [Locale, (locale: string) => void] {
  const router = useRouter()
  const choose = useCallback(
    (value: string) => {
      remember('locale', oneOf(LOCALES, value))
      router.refresh()
    },
    [router],
  )
  return [useLocale(), choose]
}
