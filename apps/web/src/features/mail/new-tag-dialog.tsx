'use client'

import { LIMITS } from '@mairust/api/contract'
import { Button, Dialog, Field, Input } from '@mairust/ui'
import { useTranslations } from 'next-intl'
import { useRef, useState, type SubmitEvent } from 'react'

import { useFocusOnWrong } from '#lib/use-focus-on-wrong.ts'

export type NewTagDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  onCreate: (name: string) => void
}

/** Asks for the name of a tag that does not exist yet. */
export function NewTagDialog({ open, onOpenChange, onCreate }: NewTagDialogProps) {
  const t = useTranslations('mail.newTag')
  const [name, setName] = useState('')
  const [refused, setRefused] = useState<object | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useFocusOnWrong(form, refused)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const trimmed = name.trim()
    setRefused(trimmed === '' ? {} : null)
    if (trimmed === '') return
    onCreate(trimmed)
    setName('')
    onOpenChange(false)
  }
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('title')} closeLabel={t('close')} className="w-96">
      <form ref={form} onSubmit={submit} className="flex flex-col gap-4 pb-3">
        <Field label={t('name')} error={refused === null ? undefined : t('missing')}>
          <Input
            dir="auto"
            maxLength={LIMITS.tagName}
            value={name}
            onChange={(event) => {
              setName(event.target.value)
              setRefused(null)
            }}
          />
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>{t('close')}</Button>
          <Button type="submit" variant="primary">
            {t('create')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
