'use client'

import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog as Base } from '@base-ui/react/dialog'
import { Search } from 'lucide-react'
import type { ReactNode } from 'react'

import { Isolate } from './isolate.tsx'
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

/** All commands and destinations, found by typing part of a name. */
export function CommandPalette({ open, onOpenChange, label, placeholder, emptyText, groups }: CommandPaletteProps) {
  const { contains } = Autocomplete.useFilter()
  /** Every typed word must occur in the name or a keyword, in any order. */
  const matches = (item: CommandItem, typed: string): boolean =>
    typed
      .trim()
      .split(/\s+/)
      .every((word) => [item.label, ...(item.keywords ?? [])].some((text) => contains(text, word)))
  return (
    <Modal open={open} onOpenChange={onOpenChange}>
      <Base.Popup
        aria-label={label}
        className="overlay fixed top-[12vh] left-1/2 z-50 w-[36rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 overflow-hidden outline-none transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0"
      >
        <Autocomplete.Root
          inline
          open
          autoHighlight="always"
          keepHighlight
          items={groups.filter(({ items }) => items.length > 0)}
          itemToStringValue={(item: CommandItem) => item.label}
          filter={matches}
        >
          <div className="flex items-center gap-2 border-b px-3.5">
            <Search aria-hidden className="size-4 text-subtle" />
            <Autocomplete.Input
              aria-label={label}
              placeholder={placeholder}
              className="h-11 min-w-0 flex-1 bg-transparent text-base outline-none"
            />
          </div>
          <Autocomplete.Empty className="px-3 py-8 text-center text-sm text-muted empty:hidden">
            {emptyText}
          </Autocomplete.Empty>
          <Autocomplete.List className="max-h-[50vh] overflow-y-auto p-1.5 empty:hidden">
            {(group: CommandGroup) => (
              <Autocomplete.Group key={group.id} items={group.items}>
                <Autocomplete.GroupLabel className="px-2 py-1.5 text-xs text-subtle">
                  {group.heading}
                </Autocomplete.GroupLabel>
                <Autocomplete.Collection>
                  {(item: CommandItem) => (
                    <Autocomplete.Item
                      key={item.id}
                      value={item}
                      onClick={() => {
                        onOpenChange(false)
                        item.onSelect()
                      }}
                      className="flex min-h-9 cursor-default items-center gap-2.5 rounded-sm px-2 text-sm select-none data-highlighted:bg-pressed [&>svg]:size-4 [&>svg]:text-subtle"
                    >
                      {item.icon}
                      <Isolate truncate className="flex-1">
                        {item.label}
                      </Isolate>
                      {item.keys?.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </Autocomplete.Item>
                  )}
                </Autocomplete.Collection>
              </Autocomplete.Group>
            )}
          </Autocomplete.List>
        </Autocomplete.Root>
      </Base.Popup>
    </Modal>
  )
}
