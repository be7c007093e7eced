'use client'

import { Isolate, isolated } from '@mairust/ui'
import { Download, File, FileArchive, FileImage, FileSpreadsheet, FileText } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'

import { fileSize } from '#lib/format.ts'
import type { Attachment, MessageDetail } from '#lib/types.ts'

import { attachmentPath } from './paths.ts'

/** The longest file name extension to keep visible, with its dot. */
const LONGEST_EXTENSION = 12

function iconFor({ content_type: type, filename }: Attachment) {
  if (type.startsWith('image/')) return FileImage
  if (/zip|compressed|tar|7z/.test(type)) return FileArchive
  if (/spreadsheet|excel|csv/.test(type) || /\.(?:xlsx?|csv|ods)$/i.test(filename)) return FileSpreadsheet
  if (type.startsWith('text/') || /pdf|word|document/.test(type)) return FileText
  return File
}

/** The attachments of a message as downloads, without the images shown in its body. */
export function AttachmentStrip({ message }: { message: MessageDetail }) {
  const t = useTranslations('reader')
  const locale = useLocale()
  const files = message.attachments.filter((attachment) => !attachment.inline)
  if (files.length === 0) return null
  return (
    <section
      aria-label={t('attachments', { count: files.length })}
      className="shrink-0 border-t bg-surface px-4 py-3 md:px-6"
    >
      <h2 className="mb-2 text-xs font-medium text-muted">{t('attachments', { count: files.length })}</h2>
      <ul className="flex max-h-32 flex-wrap gap-2 overflow-y-auto">
        {files.map((file) => {
          const Icon = iconFor(file)
          const name = file.filename === '' ? t('unnamed', { number: file.index + 1 }) : file.filename
          return (
            <li key={file.index} className="max-w-full">
              <a
                href={attachmentPath(message.id, file.index)}
                download={name}
                title={isolated(name, 'ltr')}
                // The visible name is split in two elements.
                aria-label={`${isolated(name, 'ltr')}, ${fileSize(file.size, locale)}`}
                className="group flex max-w-72 items-center gap-2.5 rounded-md border border-line-strong px-2.5 py-1.5 hover:bg-hover"
              >
                <Icon aria-hidden className="size-5 shrink-0 text-subtle" />
                <span className="min-w-0">
                  <FileName name={name} />
                  <span className="block text-xs text-subtle">{fileSize(file.size, locale)}</span>
                </span>
                <Download aria-hidden className="ml-1 size-4 shrink-0 text-subtle group-hover:text-fg" />
              </a>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** A file name; however long it is, its extension stays visible. */
function FileName({ name }: { name: string }) {
  const dot = name.lastIndexOf('.')
  const end = dot > 0 && name.length - dot <= LONGEST_EXTENSION ? dot : name.length
  return (
    <span dir="ltr" className="flex text-sm text-fg">
      <Isolate dir="ltr" truncate>
        {name.slice(0, end)}
      </Isolate>
      <Isolate dir="ltr" className="shrink-0">
        {name.slice(end)}
      </Isolate>
    </span>
  )
}
