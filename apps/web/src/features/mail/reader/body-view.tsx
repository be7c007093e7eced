'use client'

import { Banner, Button, buttonClass, EmptyState, isolated } from '@mairust/ui'
import { Download, FileQuestionMark, ImageOff, Scissors, TextQuote } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'

import type { MessageDetail } from '#lib/types.ts'

import { rawPath } from './paths.ts'
import { TextBody } from './text-body.tsx'

export type BodyViewProps = {
  message: MessageDetail
  /** Shows the plain text even if there is HTML. */
  plain: boolean
  /** The user asked to show remote images. */
  images: boolean
  onShowImages: () => void
}

/**
 * The body of a message. HTML is shown in a sandboxed frame: an opaque origin, no scripts, nothing loaded from elsewhere. The
 * frame fills the pane and scrolls, so this page never has to measure or read its content.
 */
export function BodyView({ message, plain, images, onShowImages }: BodyViewProps) {
  const t = useTranslations('reader')
  const locale = useLocale()
  if (message.parse_error !== null) {
    return (
      <EmptyState
        icon={<FileQuestionMark aria-hidden />}
        title={t('unparsed.title')}
        description={t('unparsed.help')}
        actions={
          <a href={rawPath(message.id)} download={`${message.id}.eml`} className={buttonClass({ size: 'sm' })}>
            <Download aria-hidden />
            {t('download')}
          </a>
        }
      />
    )
  }
  const isText = message.html === null || plain || message.html_fallback !== null
  const truncated = isText && message.truncated.includes('text') ? <Truncated id={message.id} /> : null
  if (message.html === null || plain) {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        {truncated}
        <div className="px-4 py-4 md:px-6">
          {message.html_fallback === null ? null : (
            <p className="mb-4 flex items-center gap-2 text-xs text-muted">
              <TextQuote aria-hidden className="size-4" />
              {t(`fallback.${message.html_fallback}`)}
            </p>
          )}
          {message.text === null || message.text.trim() === '' ? (
            <p className="text-sm text-muted">{t('emptyBody')}</p>
          ) : (
            <TextBody key={message.id} text={message.text} />
          )}
        </div>
      </div>
    )
  }
  return (
    <>
      {truncated}
      {message.blocked_images === 0 || images ? null : (
        <Banner
          icon={<ImageOff aria-hidden />}
          className="border-b"
          actions={
            <Button size="sm" onClick={onShowImages}>
              {t('showImages')}
            </Button>
          }
        >
          {t('imagesBlocked', { count: message.blocked_images })}
        </Banner>
      )}
      <iframe
        key={`${message.id}${String(images)}`}
        title={t('bodyFrame', { subject: isolated(message.subject) })}
        src={`/m/${message.id}/body?lang=${locale}${images ? '&images=1' : ''}`}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        className="min-h-0 w-full flex-1 border-0 bg-white [color-scheme:light]"
      />
    </>
  )
}

/** Says that the text goes on, and where. */
function Truncated({ id }: { id: string }) {
  const t = useTranslations('reader')
  return (
    <Banner
      icon={<Scissors aria-hidden />}
      className="border-b"
      actions={
        <a href={rawPath(id)} download={`${id}.eml`} className={buttonClass({ size: 'sm' })}>
          <Download aria-hidden />
          {t('download')}
        </a>
      }
    >
      {t('truncated')}
    </Banner>
  )
}
