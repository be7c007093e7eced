'use client'

import { Isolate, StatusChip, type Tone } from '@mairust/ui'
import { useTranslations } from 'next-intl'

import type { MessageDetail } from '#lib/types.ts'

const CHECKS = ['spf', 'dkim', 'dmarc', 'arc'] as const
const KNOWN_RESULTS = ['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror', 'policy'] as const

function toneOf(result: string): Tone {
  if (result === 'pass') return 'success'
  if (result === 'fail') return 'danger'
  if (result === 'none' || result === '') return 'neutral'
  return 'warning'
}

type Check = MessageDetail['authentication']['checks'][number]

/** The results of SPF, DKIM, DMARC and ARC, with what each one means and which records decided. */
export function AuthenticationTab({ message }: { message: MessageDetail }) {
  const t = useTranslations('reader.authentication')
  const { junk_reason: junkReason, checks } = message.authentication
  return (
    <div className="flex flex-col px-4 py-2 md:px-6">
      {junkReason === null ? null : (
        <p className="border-b py-3 text-sm">
          {t('filedInJunk')} <Isolate className="text-muted">{junkReason}</Isolate>
        </p>
      )}
      <ul className="flex flex-col">
        {CHECKS.map((check) => {
          const result = message.authentication[check]
          const found = checks.filter(({ method }) => method === check)
          const word = KNOWN_RESULTS.find((known) => known === result)
          const label =
            word === undefined ? result : t(`results.${word === 'none' && found.length > 0 ? 'nothing' : word}`)
          return (
            <li key={check} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b py-3 last:border-b-0">
              <span className="w-16 font-mono text-sm font-medium uppercase">{check}</span>
              <span className="w-40">
                <StatusChip tone={toneOf(result)}>{label}</StatusChip>
              </span>
              <span className="min-w-0 flex-1 basis-64 text-sm text-muted">{t(`about.${check}`)}</span>
              {found.map((one, index) => (
                <Finding key={index} check={one} />
              ))}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** What one check found out: text of strangers. */
function Finding({ check: { domain, selector, record, reason } }: { check: Check }) {
  const t = useTranslations('reader.authentication')
  const facts = [
    [t('domain'), domain],
    [t('selector'), selector],
    [t('record'), record],
    [t('reason'), reason],
  ] as const
  return (
    <dl className="grid w-full grid-cols-[auto_1fr] gap-x-4 gap-y-1 rounded-md bg-sunken px-3 py-2 text-sm">
      {facts.map(([name, value]) =>
        value === null || value === '' ? null : (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">
              <Isolate dir="ltr" className={name === t('record') ? 'font-mono text-xs' : undefined}>
                {value}
              </Isolate>
            </dd>
          </div>
        ),
      )}
    </dl>
  )
}
