'use client'

import { Tabs } from '@mairust/ui'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import type { MessageDetail } from '#lib/types.ts'

import { READER_TABS, type ReaderTab } from '../use-mail-location.ts'
import { AttachmentStrip } from './attachments.tsx'
import { AuthenticationTab } from './authentication-tab.tsx'
import { BodyView } from './body-view.tsx'
import { HeadersTab } from './headers-tab.tsx'
import type { ReaderView } from './reader-view.ts'
import { SenderHeader } from './sender.tsx'
import { SourceTab } from './source-tab.tsx'
import { Subject } from './subject.tsx'
import { TraceTab } from './trace-tab.tsx'

type ContentProps = ReaderView & {
  detail: MessageDetail
  plain: boolean
}

/** A loaded message. However tall its head, the tabs below keep a readable height. */
export function ReaderContent({ detail, plain, tab, onTab, images, onShowImages, tags }: ContentProps) {
  const t = useTranslations('reader')
  const panes: Record<ReaderTab, ReactNode> = {
    message: <BodyView message={detail} plain={plain} images={images} onShowImages={onShowImages} />,
    headers: <HeadersTab message={detail} />,
    authentication: <AuthenticationTab message={detail} />,
    source: <SourceTab message={detail} />,
    trace: <TraceTab message={detail} />,
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <Subject text={detail.subject.trim() === '' ? t('noSubject') : detail.subject} />
      <SenderHeader message={detail} tags={tags} />
      <Tabs
        label={t('views')}
        value={tab}
        onValueChange={(value) => onTab(READER_TABS.find((known) => known === value) ?? 'message')}
        className="flex-[1_0_20rem]"
        panelClassName={tab === 'message' ? 'flex flex-col' : 'overflow-y-auto'}
        items={READER_TABS.map((value) => ({ value, label: t(`tabs.${value}`), content: panes[value] }))}
      />
      {tab === 'message' ? <AttachmentStrip message={detail} /> : null}
    </div>
  )
}
