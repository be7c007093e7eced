'use client'

import { Banner, Button, Stepper } from '@mairust/ui'
import { useMutation } from '@tanstack/react-query'
import { ArrowLeft, CircleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef, useState, type SubmitEvent } from 'react'

import { AuthFrame } from '#features/auth/auth-frame.tsx'
import { failureOf } from '#lib/failure.ts'
import { useFocusOnWrong } from '#lib/use-focus-on-wrong.ts'
import { useFailureText } from '#lib/use-failure-text.ts'
import { useTRPCClient } from '#trpc/client.tsx'

import {
  mailboxAddress,
  problemsOf,
  SETUP_STEPS,
  refusalsOf,
  withGuesses,
  type SetupDraft,
  type SetupField,
} from './draft.ts'
import { SetupDone } from './setup-done.tsx'
import { SetupFields } from './setup-steps.tsx'

const EMPTY: SetupDraft = { name: '', email: '', password: '', domain: '', mailbox: '' }

/** The set-up wizard: account, domain, mailbox. The last step creates everything at once. */
export function SetupWizard({ token }: { token: string }) {
  const t = useTranslations('setup')
  const client = useTRPCClient()
  const failureText = useFailureText()
  const [draft, setDraft] = useState(EMPTY)
  const [index, setIndex] = useState(0)
  const [errors, setErrors] = useState<Partial<Record<SetupField, string>>>({})
  const [refused, setRefused] = useState<object | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useFocusOnWrong(form, refused)

  const complete = useMutation({
    mutationFn: async () => {
      const email = draft.email.trim()
      const wanted = {
        token,
        email,
        password: draft.password,
        name: draft.name.trim(),
        domain: draft.domain.trim(),
        mailbox: mailboxAddress(draft),
      }
      // A retry after a lost answer finds everything already created.
      const conflict = await client.setup.complete.mutate(wanted).then(
        () => null,
        (error: unknown) => {
          if (!(error instanceof Error) || failureOf(error).code !== 'CONFLICT') throw error
          return error
        },
      )
      const signedIn = await client.auth.login.mutate({ email, password: draft.password }).then(
        () => true,
        () => false,
      )
      if (conflict !== null && !signedIn) throw conflict
      return { signedIn }
    },
    onError: (error) => {
      const refusals = refusalsOf(failureOf(error).fields)
      const [first] = refusals
      if (first === undefined) return
      setErrors(Object.fromEntries(refusals.map(({ field, problem }) => [field, t(`problems.${problem}`)])))
      setIndex(SETUP_STEPS.indexOf(first.step))
      setRefused(refusals)
    },
  })

  const current = complete.isSuccess ? SETUP_STEPS.length : index
  const step = SETUP_STEPS[index] ?? 'account'
  const failure = complete.error === null || Object.keys(errors).length > 0 ? undefined : failureText(complete.error)

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const problems = Object.entries(problemsOf(step, draft)).map(
      ([field, problem]) =>
        [field, problem === 'required' ? t(`required.${field as SetupField}`) : t(`problems.${problem}`)] as const,
    )
    setErrors(Object.fromEntries(problems))
    setRefused(problems.length > 0 ? problems : null)
    if (problems.length > 0) return
    if (index < SETUP_STEPS.length - 1) {
      setDraft(withGuesses(draft))
      setIndex(index + 1)
    } else if (!complete.isPending) complete.mutate()
  }

  const rail = (
    <aside className="shrink-0 px-5 pt-3 md:w-72 md:pt-[12vh] md:pl-8">
      <Stepper
        label={t('progress')}
        current={current}
        stateLabels={{ done: t('state.done'), current: t('state.current'), upcoming: t('state.upcoming') }}
        steps={[...SETUP_STEPS, 'finish' as const].map((key) => ({
          key,
          title: t(`steps.${key}`),
          description: t(`stepHints.${key}`),
        }))}
      />
    </aside>
  )

  return (
    <AuthFrame aside={rail}>
      <div className="w-full max-w-[26rem]">
        {complete.isSuccess ? (
          <SetupDone draft={draft} signedIn={complete.data.signedIn} />
        ) : (
          <form ref={form} onSubmit={submit} noValidate className="flex flex-col gap-5">
            <div>
              <h1 className="text-xl font-semibold tracking-tight">{t(`titles.${step}`)}</h1>
              <p className="mt-1 text-sm text-muted">{t(`intros.${step}`)}</p>
            </div>
            <div role="alert" className="empty:hidden">
              {failure === undefined ? null : (
                <Banner tone="danger" icon={<CircleAlert aria-hidden />} className="rounded-md px-3 py-2">
                  {failure.code === 'FORBIDDEN' || failure.code === 'UNAUTHORIZED' || failure.code === 'NOT_FOUND'
                    ? t('tokenInvalid')
                    : failure.code === 'CONFLICT'
                      ? t('conflict')
                      : `${failure.title} ${failure.help}`}{' '}
                  {failure.code === 'CONFLICT' ? <a href="/login">{t('signIn')}</a> : null}
                </Banner>
              )}
            </div>
            <SetupFields
              key={step}
              step={step}
              draft={draft}
              errors={errors}
              onChange={(field, value) => {
                setDraft({ ...draft, [field]: value })
                setErrors({ ...errors, [field]: undefined })
              }}
            />
            <div className="flex items-center justify-between gap-2">
              {index === 0 ? (
                <span />
              ) : (
                <Button variant="ghost" icon={<ArrowLeft />} onClick={() => setIndex(index - 1)}>
                  {t('back')}
                </Button>
              )}
              <Button type="submit" variant="primary" busy={complete.isPending}>
                {index === SETUP_STEPS.length - 1 ? t('create') : t('continue')}
              </Button>
            </div>
          </form>
        )}
      </div>
    </AuthFrame>
  )
}
