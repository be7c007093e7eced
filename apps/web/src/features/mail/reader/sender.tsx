'use client'

import { Avatar, Badge, Isolate, isolated, StatusChip, type Tone } from '@mairust/ui'
import { ChevronDown } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'

import { addressText, displayName, domainOf, fullDate, peopleText } from '#lib/format.ts'
import type { Address, MessageDetail, Tag } from '#lib/types.ts'

export type Trust = { tone: Tone; key: 'verified' | 'unchecked' | 'unverified' | 'failed' }

/** Sums up the checks of the sender's domain. */
export function trustOf({ dmarc, dkim, spf, checks }: MessageDetail['authentication']): Trust {
  if (dmarc === 'pass') return { tone: 'success', key: 'verified' }
  if (dmarc === 'fail') return { tone: 'danger', key: 'failed' }
  const checked = checks.length > 0 || [dmarc, dkim, spf].some((result) => result !== 'none' && result !== '')
  return checked ? { tone: 'warning', key: 'unverified' } : { tone: 'neutral', key: 'unchecked' }
}

/** Fields that may name more people than an answer does. */
const PEOPLE = ['to', 'cc', 'bcc', 'reply_to'] as const

/** Sender, recipients, date, and whether the sender could be verified. */
export function SenderHeader({ message, tags }: { message: MessageDetail; tags: ReadonlyMap<string, Tag> }) {
  const t = useTranslations('reader')
  const locale = useLocale()
  const [expanded, setExpanded] = useState(false)
  const name = displayName(message.from)
  const domain = domainOf(message.from.address)
  const trust = trustOf(message.authentication)
  const rows: [string, readonly Address[]][] = [
    [t('from'), [message.from]],
    [t('to'), message.to],
    [t('cc'), message.cc],
    [t('bcc'), message.bcc],
    [t('replyTo'), message.reply_to],
  ]
  return (
    <div className="flex gap-3 px-4 pb-3 md:px-6">
      <Avatar name={name === '' ? '?' : name} seed={message.from.address} className="mt-0.5 size-9" />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <Isolate truncate className="max-w-full text-base font-semibold">
            {name === '' ? t('noSender') : name}
          </Isolate>
          {message.from.name.trim() === '' ? null : (
            <Isolate dir="ltr" truncate className="text-sm text-subtle">
              {message.from.address}
            </Isolate>
          )}
          <time
            dateTime={message.received_at}
            title={message.received_at}
            className="text-xs whitespace-nowrap text-subtle xl:ml-auto"
          >
            {fullDate(message.date ?? message.received_at, locale)}
          </time>
        </div>
        <div className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1">
          <button
            type="button"
            aria-expanded={expanded}
            onClick={() => setExpanded(!expanded)}
            className="-ml-1 flex max-w-full min-w-0 items-center gap-1 rounded-sm px-1 text-sm text-muted hover:bg-hover hover:text-fg"
          >
            <span className="truncate">{t('toPeople', { people: peopleText([...message.to, ...message.cc]) })}</span>
            <ChevronDown
              aria-hidden
              className={`size-3.5 shrink-0 transition-transform ${expanded ? 'rotate-180' : ''}`}
            />
          </button>
          <StatusChip tone={trust.tone}>{t(`trust.${trust.key}`, { domain: isolated(domain, 'ltr') })}</StatusChip>
          {message.tags.map((tag) => (
            <Badge key={tag} color={tags.get(tag)?.color}>
              {tag}
            </Badge>
          ))}
        </div>
        {expanded ? (
          <dl
            aria-label={t('people')}
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrollable region must be reachable by keyboard
            tabIndex={0}
            className="mt-2 grid max-h-40 grid-cols-[auto_1fr] gap-x-4 gap-y-1 overflow-y-auto rounded-md bg-sunken px-3 py-2 text-sm"
          >
            {rows
              .filter(([, addresses]) => addresses.length > 0)
              .map(([label, addresses]) => (
                <div key={label} className="contents">
                  <dt className="text-muted">{label}</dt>
                  <dd className="min-w-0">
                    {addresses.map((address, index) => (
                      <span key={index} className="mr-3 inline-block max-w-full wrap-anywhere">
                        {addressText(address)}
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
          </dl>
        ) : null}
        {expanded && PEOPLE.some((field) => message.truncated.includes(field)) ? (
          <p className="mt-1 text-xs text-muted">{t('morePeople')}</p>
        ) : null}
      </div>
    </div>
  )
}
