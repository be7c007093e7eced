'use client'

import { Button, CodeBlock, DataList, isolated } from '@mairust/ui'
import { ArrowRight, CircleCheck } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { mailboxAddress, type SetupDraft } from './draft.ts'

/** The end of the wizard: what was created, a link to it, and how to do the same without a browser. */
export function SetupDone({ draft, signedIn }: { draft: SetupDraft; signedIn: boolean }) {
  const t = useTranslations('setup')
  const address = mailboxAddress(draft)
  const headless = [`MAIRUST_ADMIN_EMAIL=${draft.email.trim()} \\`, 'MAIRUST_ADMIN_PASSWORD=… \\', 'npm start'].join(
    '\n',
  )
  return (
    <div className="flex flex-col gap-6">
      <div>
        <CircleCheck aria-hidden className="mb-3 size-8 text-success" />
        <h1 className="text-xl font-semibold tracking-tight">{t('done.title')}</h1>
        <p className="mt-1 text-sm text-muted">{t('done.help', { address: isolated(address, 'ltr') })}</p>
      </div>
      <DataList
        items={[
          { key: 'account', term: t('steps.account'), value: draft.email.trim() },
          { key: 'domain', term: t('steps.domain'), value: draft.domain.trim().toLowerCase() },
          { key: 'mailbox', term: t('steps.mailbox'), value: address },
        ]}
      />
      {signedIn ? null : <p className="text-sm text-muted">{t('done.notSignedIn')}</p>}
      <Button
        variant="primary"
        size="lg"
        icon={<ArrowRight />}
        onClick={() => window.location.assign(signedIn ? '/mail' : '/login')}
      >
        {t(signedIn ? 'done.open' : 'signIn')}
      </Button>
      <section className="flex flex-col gap-2">
        <h2 className="text-sm font-medium">{t('done.headless')}</h2>
        <p className="text-xs text-muted">{t('done.headlessHelp')}</p>
        <CodeBlock
          code={headless}
          label={t('done.headless')}
          copyLabel={t('done.copy')}
          copiedLabel={t('done.copied')}
          wrap
        />
      </section>
    </div>
  )
}
