'use client'

import { Button, Dialog, Field, Input } from '@mairust/ui'
import { useTranslations } from 'next-intl'
import { useState, type SubmitEvent } from 'react'

/** The API takes no longer name. */
const NAME_MAX = 100

export type NewTagDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  onCreate: (name: string) => void
}

/** Asks for the name of a tag that does not exist yet. */
export function NewTagDialog({ open, onOpenChange, onCreate }: NewTagDialogProps) {
  const t = useTranslations('mail.newTag')
  const [name, setName] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const trimmed = name.trim()
    if (trimmed === '') return
    onCreate(trimmed)
    setName('')
    onOpenChange(false)
  }
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('title')} closeLabel={t('close')} className="w-96">
      <form onSubmit={submit} className="flex flex-col gap-4 pb-3">
        <Field label={t('name')}>
          <Input dir="auto" maxLength={NAME_MAX} value={name} onChange={(event) => setName(event.target.value)} />
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
