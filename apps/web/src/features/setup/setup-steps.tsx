'use client'

import { LIMITS } from '@mairust/api/contract'
import { Field, Input } from '@mairust/ui'
import { useTranslations } from 'next-intl'

import { PasswordInput } from '#features/auth/password-input.tsx'

import type { SetupDraft, SetupField, SetupStep } from './draft.ts'

type FieldsProps = {
  step: SetupStep
  draft: SetupDraft
  errors: Partial<Record<SetupField, string>>
  onChange: (field: SetupField, value: string) => void
}

/* eslint-disable jsx-a11y/no-autofocus -- each step replaces the previous one, and the focus moves with it */

/** The fields of one step. */
export function SetupFields({ step, draft, errors, onChange }: FieldsProps) {
  const t = useTranslations('setup')
  const bind = (field: SetupField) => ({
    value: draft[field],
    onChange: (event: { target: { value: string } }) => onChange(field, event.target.value),
  })
  switch (step) {
    case 'account':
      return (
        <>
          <Field label={t('name')} error={errors.name}>
            <Input dir="auto" autoComplete="name" autoFocus {...bind('name')} />
          </Field>
          <Field label={t('email')} hint={t('emailHint')} error={errors.email}>
            <Input
              type="email"
              inputMode="email"
              autoComplete="username"
              spellCheck={false}
              placeholder="you@example.com"
              {...bind('email')}
            />
          </Field>
          <Field label={t('password')} hint={t('passwordHint', { min: LIMITS.password.min })} error={errors.password}>
            <PasswordInput autoComplete="new-password" {...bind('password')} />
          </Field>
        </>
      )
    case 'domain':
      return (
        <Field label={t('domain')} hint={t('domainHint')} error={errors.domain}>
          <Input
            autoFocus
            spellCheck={false}
            autoCapitalize="none"
            inputMode="url"
            placeholder="example.com"
            {...bind('domain')}
          />
        </Field>
      )
    case 'mailbox':
      return (
        <Field label={t('mailbox')} hint={t('mailboxHint')} error={errors.mailbox}>
          <Input
            autoFocus
            spellCheck={false}
            autoCapitalize="none"
            {...bind('mailbox')}
            after={<span className="max-w-[55%] truncate text-subtle">@{draft.domain}</span>}
          />
        </Field>
      )
  }
}
