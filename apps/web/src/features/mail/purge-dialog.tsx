'use client'

import { Button, Dialog } from '@mairust/ui'
import { useTranslations } from 'next-intl'

export type PurgeDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  count: number
  onPurge: () => void
}

/** The one thing here that cannot be undone is asked about first, with the count. */
export function PurgeDialog({ open, onOpenChange, count, onPurge }: PurgeDialogProps) {
  const t = useTranslations('mail.purge')
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title', { count })}
      description={t('help')}
      closeLabel={t('close')}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('close')}</Button>
          <Button
            variant="danger"
            onClick={() => {
              onOpenChange(false)
              onPurge()
            }}
          >
            {t('action', { count })}
          </Button>
        </>
      }
    />
  )
}
