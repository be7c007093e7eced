'use client'

import { Dialog, Kbd, Switch } from '@mairust/ui'
import { useTranslations } from 'next-intl'

const GROUPS = {
  move: [
    ['next', ['j']],
    ['previous', ['k']],
    ['open', ['Enter']],
    ['close', ['Esc']],
    ['search', ['/']],
  ],
  act: [
    ['select', ['x']],
    ['extend', ['Shift', 'j / k']],
    ['archive', ['e']],
    ['trash', ['#']],
    ['junk', ['!']],
    ['star', ['s']],
    ['unread', ['u']],
    ['move', ['v']],
    ['tag', ['l']],
    ['undo', ['z']],
  ],
  go: [
    ['inbox', ['g', 'i']],
    ['starred', ['g', '*']],
    ['sent', ['g', 's']],
    ['drafts', ['g', 'd']],
    ['archiveFolder', ['g', 'a']],
    ['trashFolder', ['g', 't']],
    ['commands', ['Ctrl', 'k']],
    ['sidebar', ['[']],
    ['help', ['?']],
  ],
} as const

export type ShortcutsDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  enabled: boolean
  onEnabledChange: (enabled: boolean) => void
}

/** All shortcuts, and a switch for the single-key ones. */
export function ShortcutsDialog({ open, onOpenChange, enabled, onEnabledChange }: ShortcutsDialogProps) {
  const t = useTranslations('shortcuts')
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('title')} closeLabel={t('close')} className="w-[44rem]">
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {(['move', 'act', 'go'] as const).map((group) => (
          <section key={group} className={group === 'act' ? 'sm:row-span-2' : ''}>
            <h3 className="mb-1.5 text-xs font-medium text-subtle">{t(`groups.${group}`)}</h3>
            <ul>
              {GROUPS[group].map(([name, keys]) => (
                <li key={name} className="flex h-7 items-center justify-between gap-4 text-sm">
                  {t(`keys.${name}`)}
                  <span className="flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <div className="mt-4 flex items-center justify-between gap-4 border-t py-3 text-sm">
        <span>{t('single')}</span>
        <Switch label={t('single')} checked={enabled} onCheckedChange={onEnabledChange} />
      </div>
    </Dialog>
  )
}
