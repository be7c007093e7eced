'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'

import { failureOf } from './failure.ts'

/** Says in the user's language what a failed call means: `title` what happened, `help` what to do. */
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
