'use client'

import { LIMITS } from '@mairust/api/contract'
import { Button, Field, Input, isolated, notify } from '@mairust/ui'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useRef, useState, type SubmitEvent } from 'react'

import { PageFrame } from '#features/page-frame.tsx'
import type { User } from '#lib/types.ts'
import { useFocusOnWrong } from '#lib/use-focus-on-wrong.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPC } from '#trpc/client.tsx'

import { PasswordForm } from './password-form.tsx'

/** The user's own account: name and password. */
export function AccountPage({ user }: { user: User }) {
  const t = useTranslations('account')
  return (
    <PageFrame title={t('title')} hint={t('hint', { email: isolated(user.email, 'ltr') })}>
      <div className="flex max-w-md flex-col gap-10">
        <NameForm user={user} />
        <PasswordForm email={user.email} />
      </div>
    </PageFrame>
  )
}

function NameForm({ user }: { user: User }) {
  const t = useTranslations('account')
  const trpc = useTRPC()
  const failureText = useFailureText()
  const [name, setName] = useState(user.name)
  const update = useMutation(
    trpc.account.update.mutationOptions({ onSuccess: () => notify('success', t('nameSaved')) }),
  )
  const form = useRef<HTMLFormElement>(null)
  useFocusOnWrong(form, update.error)
  const failure = update.error === null ? undefined : failureText(update.error)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!update.isPending) update.mutate({ name: name.trim() })
  }
  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
      <h2 className="text-base font-semibold">{t('nameTitle')}</h2>
      <Field label={t('name')} error={failure === undefined ? undefined : `${failure.title} ${failure.help}`}>
        <Input
          dir="auto"
          autoComplete="name"
          maxLength={LIMITS.name}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </Field>
      <div>
        <Button type="submit" busy={update.isPending}>
          {t('saveName')}
        </Button>
      </div>
    </form>
  )
}
