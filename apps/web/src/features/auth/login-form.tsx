'use client'

import { Banner, Button, Field, Input } from '@mairust/ui'
import { useMutation } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState, type SubmitEvent } from 'react'

import { useFocusOnWrong } from '#lib/use-focus-on-wrong.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPC } from '#trpc/client.tsx'

import { PasswordInput } from './password-input.tsx'

const NOTHING = { email: false, password: false }

/** Asks for email and password, and opens `next` when they are correct. */
export function LoginForm({ next }: { next: string }) {
  const t = useTranslations('auth')
  const trpc = useTRPC()
  const failureText = useFailureText()
  const email = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(NOTHING)
  const [incomplete, setIncomplete] = useState<object | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useFocusOnWrong(form, incomplete)
  const login = useMutation(trpc.auth.login.mutationOptions({ onSuccess: () => window.location.assign(next) }))
  useEffect(() => {
    // The API does not say which of the two is wrong; mostly it is the password.
    if (login.error !== null) password.current?.select()
  }, [login.error])
  const failure = login.error === null ? undefined : failureText(login.error)

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    // Read from the inputs: a browser may have filled them before hydration, without a change event.
    const given = { email: email.current?.value.trim() ?? '', password: password.current?.value ?? '' }
    const empty = { email: given.email === '', password: given.password === '' }
    setMissing(empty)
    setIncomplete(empty.email || empty.password ? empty : null)
    if (empty.email || empty.password) return
    if (!login.isPending && !login.isSuccess) login.mutate(given)
  }

  return (
    <div>
      <h1 className="text-xl font-semibold tracking-tight">{t('signIn')}</h1>
      <p className="mt-1 mb-6 text-sm text-muted">{t('signInHint')}</p>
      <form ref={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <div role="alert" className="empty:hidden">
          {failure === undefined ? null : (
            <Banner tone="danger" icon={<CircleAlert aria-hidden />} className="rounded-md px-3 py-2">
              {failure.code === 'UNAUTHORIZED' || failure.code === 'VALIDATION_ERROR'
                ? t('wrong')
                : failure.code === 'RATE_LIMITED'
                  ? t('locked')
                  : `${failure.title} ${failure.help}`}
            </Banner>
          )}
        </div>
        <Field label={t('email')} error={missing.email ? t('emailMissing') : undefined}>
          <Input
            type="email"
            autoComplete="username"
            inputMode="email"
            // eslint-disable-next-line jsx-a11y/no-autofocus -- the page has this one purpose
            autoFocus
            required
            ref={email}
            onChange={() => setMissing({ ...missing, email: false })}
          />
        </Field>
        <Field label={t('password')} error={missing.password ? t('passwordMissing') : undefined}>
          <PasswordInput
            autoComplete="current-password"
            required
            ref={password}
            onChange={() => setMissing({ ...missing, password: false })}
          />
        </Field>
        <Button type="submit" variant="primary" size="lg" block busy={login.isPending || login.isSuccess}>
          {t('signInAction')}
        </Button>
      </form>
    </div>
  )
}
