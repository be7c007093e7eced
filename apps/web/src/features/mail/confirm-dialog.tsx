'use client'

import { Button, Dialog } from '@mairust/ui'
import { useTranslations } from 'next-intl'

export type ConfirmDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  help: string
  action: string
  onConfirm: () => void
}

/** Asks before a change that cannot be undone or affects more messages than the list shows. */
export function ConfirmDialog({ open, onOpenChange, title, help, action, onConfirm }: ConfirmDialogProps) {
  const t = useTranslations('mail.confirm')
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={help}
      closeLabel={t('close')}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('close')}</Button>
          <Button
            variant="danger"
            onClick={() => {
              onOpenChange(false)
              onConfirm()
            }}
          >
            {action}
          </Button>
        </>
      }
    />
  )
}
