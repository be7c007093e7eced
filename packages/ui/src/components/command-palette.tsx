'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import type { ReactNode } from 'react'

import { Kbd } from './kbd.tsx'
import { Modal, type ModalProps } from './modal.tsx'

export type CommandItem = {
  id: string
  label: string
  icon?: ReactNode
  keys?: readonly string[] | undefined
  keywords?: string[] | undefined
  onSelect: () => void
}
export type CommandGroup = { id: string; heading: string; items: readonly CommandItem[] }
export type CommandPaletteProps = ModalProps & {
  /** Accessible name of the palette. */
  label: string
  placeholder: string
  emptyText: string
  groups: readonly CommandGroup[]
}

/** Everything one can do or go to, found by typing a part of its name. */
export function CommandPalette({ open, onOpenChange, label, placeholder, emptyText, groups }: CommandPaletteProps) {
  return (
    <Modal open={open} onOpenChange={onOpenChange}>
      <Base.Popup
        aria-label={label}
        className="overlay fixed top-[12vh] left-1/2 z-50 w-[36rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 overflow-hidden outline-none transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0"
      >
        <Command label={label} loop>
          <div className="flex items-center gap-2 border-b px-3.5">
            <Search aria-hidden className="size-4 text-subtle" />
            <Command.Input
              placeholder={placeholder}
              className="h-11 min-w-0 flex-1 bg-transparent text-base outline-none"
            />
          </div>
          <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
            <Command.Empty className="px-3 py-8 text-center text-sm text-muted">{emptyText}</Command.Empty>
            {groups.map((group) => (
              <Command.Group
                key={group.id}
                heading={group.heading}
                className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-subtle"
              >
                {group.items.map((item) => (
                  <Command.Item
                    key={item.id}
                    value={item.id}
                    keywords={[item.label, ...(item.keywords ?? [])]}
                    onSelect={() => {
                      onOpenChange(false)
                      item.onSelect()
                    }}
                    className="flex min-h-9 cursor-default items-center gap-2.5 rounded-sm px-2 text-sm select-none data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:text-subtle"
                  >
                    {item.icon}
                    <span className="flex-1">{item.label}</span>
                    {item.keys?.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </Command.Item>
                ))}
              </Command.Group>
            ))}
          </Command.List>
        </Command>
      </Base.Popup>
    </Modal>
  )
}
