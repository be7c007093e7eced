'use client'

import { Input, type InputProps } from '@mairust/ui'
import { Eye, EyeOff } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

/** A password field with a button that shows the password. */
export function PasswordInput(props: Omit<InputProps, 'type' | 'after'>) {
  const t = useTranslations('auth')
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <Input
      {...props}
      type={shown ? 'text' : 'password'}
      spellCheck={false}
      autoCapitalize="none"
      after={
        <button
          type="button"
          aria-label={t(shown ? 'hidePassword' : 'showPassword')}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="-mr-1 rounded-sm p-1 text-subtle hover:text-fg"
        >
          <Icon aria-hidden className="size-4" />
        </button>
      }
    />
  )
}
