'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'

import { failureOf } from './failure.ts'

/** Explains a failed call in the user's language: `title` says what happened, `help` what to do. */
export function useFailureText() {
  const t = useTranslations('failure')
  return useCallback(
    (error: unknown) => {
      const failure = failureOf(error)
      return { ...failure, title: t(`${failure.code}.title`), help: t(`${failure.code}.help`) }
    },
    [t],
  )
}
