'use client'

import { Archive, Trash2 } from 'lucide-react'
import { useState } from 'react'

import { Button } from '../components/button.tsx'
import { CommandPalette } from '../components/command-palette.tsx'
import { Dialog, Sheet } from '../components/dialog.tsx'
import type { MenuEntry } from '../components/menu-types.ts'
import { DropdownMenu } from '../components/menu.tsx'
import { notify } from '../components/toaster.tsx'
import { Section } from './section.tsx'

/** Menus, dialogs, sheets and toasts. */
export function OverlayExamples() {
  const [open, setOpen] = useState<'dialog' | 'sheet' | 'commands' | null>(null)
  const [unread, setUnread] = useState(true)
  const [theme, setTheme] = useState('light')
  const entries: MenuEntry[] = [
    { kind: 'heading', key: 'heading', label: 'Message' },
    {
      kind: 'item',
      key: 'archive',
      label: 'Archive',
      icon: <Archive />,
      keys: ['e'],
      onSelect: () =>
        notify('success', 'Archived', { action: { label: 'Undo', onSelect: () => notify('info', 'Undone') } }),
    },
    {
      kind: 'item',
      key: 'delete',
      label: 'Delete',
      icon: <Trash2 />,
      danger: true,
      onSelect: () => notify('error', 'Not deleted', { description: 'The server is busy.' }),
    },
    { kind: 'link', key: 'download', label: 'Download', href: '#download', download: 'message.eml' },
    { kind: 'separator', key: 'separator' },
    { kind: 'check', key: 'unread', label: 'Unread', checked: unread, onSelect: setUnread },
    {
      kind: 'radio',
      key: 'theme',
      label: 'Theme',
      value: theme,
      onSelect: setTheme,
      options: [
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ],
    },
  ]
  const close = (next: boolean) => {
    if (!next) setOpen(null)
  }
  return (
    <Section title="Overlays">
      <DropdownMenu trigger={<Button>Menu</Button>} entries={entries} />
      <Button onClick={() => setOpen('dialog')}>Dialog</Button>
      <Button onClick={() => setOpen('sheet')}>Sheet</Button>
      <Button onClick={() => setOpen('commands')}>Commands</Button>
      <Dialog
        open={open === 'dialog'}
        onOpenChange={close}
        title="Delete the domain?"
        description="This cannot be undone."
        closeLabel="Close"
        footer={<Button variant="danger">Delete</Button>}
      >
        Its mailboxes are deleted too.
      </Dialog>
      <Sheet open={open === 'sheet'} onOpenChange={close} title="Details" closeLabel="Close" side="right">
        <p className="p-4">Everything about the row.</p>
      </Sheet>
      <CommandPalette
        open={open === 'commands'}
        onOpenChange={close}
        label="Commands"
        placeholder="Type a command"
        emptyText="No matches."
        groups={[
          {
            id: 'go',
            heading: 'Go to',
            items: [{ id: 'inbox', label: 'Inbox', keys: ['g', 'i'], onSelect: () => notify('info', 'Inbox') }],
          },
        ]}
      />
    </Section>
  )
}
