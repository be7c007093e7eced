'use client'

import { cn, Isolate, isolated } from '@mairust/ui'
import { useLocale, useTranslations } from 'next-intl'
import { useMemo } from 'react'

import type { MessageDetail } from '#lib/types.ts'

import { heightOf, IN_VIEW, LongText } from './blocks.tsx'
import { hopsOf } from './hops.ts'
import { rowsIn } from './text-blocks.ts'

/** The route of the message, hop by hop, and all its header fields in order. */
export function HeadersTab({ message }: { message: MessageDetail }) {
  const t = useTranslations('reader')
  const locale = useLocale()
  const hops = useMemo(() => hopsOf(message.headers), [message.headers])
  const hostName = (name: string | null) => (name === null ? t('unknownHost') : isolated(name, 'ltr'))
  return (
    <div className="flex flex-col gap-6 px-4 py-4 md:px-6">
      {hops.length === 0 ? null : (
        <section>
          <h2 className="mb-2 text-sm font-semibold">{t('hops')}</h2>
          <ol className="flex flex-col">
            {hops.map((hop, index) => (
              <li key={index} className="group relative flex gap-3 pb-3 last:pb-0">
                <span aria-hidden className="relative z-1 mt-1.5 size-2 shrink-0 rounded-full bg-accent-solid" />
                <span
                  aria-hidden
                  className="absolute top-2 bottom-0 left-[3.5px] w-px bg-line-strong group-last:hidden"
                />
                <span className="min-w-0 flex-1 text-sm">
                  <span className="block font-mono text-xs">
                    {hostName(hop.from)} → {hostName(hop.by)}
                  </span>
                  <span className="text-xs text-subtle">
                    {[
                      hop.with === null ? null : isolated(hop.with, 'ltr'),
                      hop.at?.toLocaleString(locale),
                      hop.delay === null ? null : t('delay', { seconds: hop.delay }),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
      <section>
        <h2 className="mb-2 text-sm font-semibold">{t('fields', { count: message.headers.length })}</h2>
        <dl className="overflow-hidden rounded-md border">
          {message.headers.map((header, index) => (
            <div
              key={index}
              style={heightOf(rowsIn(header.value))}
              className={cn(
                'grid gap-x-4 border-b px-3 py-1.5 last:border-b-0 even:bg-sunken sm:grid-cols-[11rem_1fr]',
                IN_VIEW,
              )}
            >
              <dt className="min-w-0 font-mono text-xs break-words text-muted">
                <Isolate dir="ltr">{header.name}</Isolate>
              </dt>
              <dd className="min-w-0 font-mono text-xs break-words whitespace-pre-wrap">
                <Isolate>
                  <LongText text={header.value} />
                </Isolate>
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  )
}
