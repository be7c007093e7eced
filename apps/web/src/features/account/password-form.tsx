'use client'

import { Banner, Button, Checkbox, Field, isolated } from '@mairust/ui'
import { useMutation } from '@tanstack/react-query'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId, useRef, useState, type SubmitEvent } from 'react'

import { PasswordInput } from '#features/auth/password-input.tsx'
import { useFocusOnWrong } from '#lib/use-focus-on-wrong.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPC } from '#trpc/client.tsx'

const EMPTY = { current: '', next: '' }
const NOTHING = { current: false, next: false }

/** Asks for the current and a new password, and whether to revoke the user's API keys. */
export function PasswordForm({ email }: { email: string }) {
  const t = useTranslations('account')
  const trpc = useTRPC()
  const failureText = useFailureText()
  const [given, setGiven] = useState(EMPTY)
  const [endKeys, setEndKeys] = useState(true)
  const endKeysId = useId()
  const [missing, setMissing] = useState(NOTHING)
  const [incomplete, setIncomplete] = useState<object | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const change = useMutation(trpc.account.password.mutationOptions({ onSuccess: () => setGiven(EMPTY) }))
  useFocusOnWrong(form, change.error)
  useFocusOnWrong(form, incomplete)
  const failure = change.error === null ? undefined : failureText(change.error)
  const ended = change.data?.data.ended_api_keys ?? []
  const names = ended.map(({ name }) => isolated(name)).join(', ')
  const isWrong = (field: string): boolean => failure?.fields[field] !== undefined
  const wrongCurrent = isWrong('current_password')
  const wrongNext = isWrong('password')

  const type = (field: keyof typeof EMPTY, value: string) => {
    setGiven({ ...given, [field]: value })
    setMissing({ ...missing, [field]: false })
    change.reset()
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const empty = { current: given.current === '', next: given.next === '' }
    setMissing(empty)
    setIncomplete(empty.current || empty.next ? empty : null)
    if (empty.current || empty.next || change.isPending) return
    change.mutate({ current_password: given.current, password: given.next, end_api_keys: endKeys })
  }
  const currentError = missing.current ? t('currentMissing') : wrongCurrent ? t('currentWrong') : undefined
  const nextError = missing.next ? t('newMissing') : wrongNext ? t('newWeak') : undefined

  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
      <h2 className="text-base font-semibold">{t('passwordTitle')}</h2>
      <p className="-mt-2 text-sm text-muted">{t('passwordHint')}</p>
      <div role="alert" className="empty:hidden">
        {failure === undefined || wrongCurrent || wrongNext ? null : (
          <Banner tone="danger" icon={<CircleAlert aria-hidden />} className="rounded-md px-3 py-2">
            {failure.code === 'RATE_LIMITED' ? t('locked') : `${failure.title} ${failure.help}`}
          </Banner>
        )}
      </div>
      <div role="status" className="empty:hidden">
        {change.isSuccess ? (
          <Banner tone="info" icon={<CircleCheck aria-hidden />} className="rounded-md px-3 py-2">
            {t('passwordChanged')} {ended.length > 0 ? t('keysEnded', { count: ended.length, names }) : null}
          </Banner>
        ) : null}
      </div>
      {/* Tells password managers which account this is. */}
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <Field label={t('current')} error={currentError}>
        <PasswordInput
          autoComplete="current-password"
          required
          value={given.current}
          onChange={({ target }) => type('current', target.value)}
        />
      </Field>
      <Field label={t('new')} hint={t('newHint')} error={nextError}>
        <PasswordInput
          autoComplete="new-password"
          required
          value={given.next}
          onChange={({ target }) => type('next', target.value)}
        />
      </Field>
      <div className="flex items-start gap-2">
        <Checkbox
          id={endKeysId}
          className="mt-0.5"
          checked={endKeys}
          onCheckedChange={setEndKeys}
          aria-describedby={`${endKeysId}-hint`}
        />
        <div>
          <label htmlFor={endKeysId} className="text-sm font-medium">
            {t('endKeys')}
          </label>
          <p id={`${endKeysId}-hint`} className="text-xs text-muted">
            {t('endKeysHint')}
          </p>
        </div>
      </div>
      <div>
        <Button type="submit" variant="primary" busy={change.isPending}>
          {t('changePassword')}
        </Button>
      </div>
    </form>
  )
}
