'use client'

import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'

import { cn } from '../lib/cn.ts'
import { Isolate } from './isolate.tsx'
import { Kbd } from './kbd.tsx'
import type { DropdownMenuProps, MenuEntry } from './menu-types.ts'

const POPUP =
  'overlay overlay-motion max-h-(--available-height) max-w-[min(20rem,var(--available-width))] min-w-44 overflow-y-auto p-1 outline-none'
const ITEM =
  'flex min-h-8 cursor-default items-center gap-2 rounded-sm px-2 text-sm outline-none select-none data-disabled:opacity-50 data-highlighted:bg-pressed [&>svg]:size-4 [&>svg]:text-subtle'

function Entry({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case 'separator':
      return <Base.Separator className="-mx-1 my-1 h-px bg-line" />
    case 'heading':
      return <div className="max-w-64 truncate px-2 pt-1.5 pb-1 text-xs text-subtle">{entry.label}</div>
    case 'link':
      return (
        <Base.LinkItem href={entry.href} download={entry.download} className={ITEM}>
          {entry.icon}
          {entry.label}
        </Base.LinkItem>
      )
    case 'check':
      return (
        <Base.CheckboxItem
          checked={entry.checked}
          onCheckedChange={(next) => entry.onSelect(next)}
          closeOnClick={false}
          className={ITEM}
        >
          {entry.icon}
          <Isolate truncate className="flex-1">
            {entry.label}
          </Isolate>
          <Base.CheckboxItemIndicator>
            <Check aria-hidden className="size-3.5 text-accent" />
          </Base.CheckboxItemIndicator>
        </Base.CheckboxItem>
      )
    case 'radio':
      return (
        <Base.RadioGroup value={entry.value} onValueChange={(next: string) => entry.onSelect(next)}>
          <div className="px-2 pt-1.5 pb-1 text-xs text-subtle">{entry.label}</div>
          {entry.options.map((option) => (
            <Base.RadioItem key={option.value} value={option.value} className={ITEM} closeOnClick>
              {option.icon}
              <span className="flex-1">{option.label}</span>
              <Base.RadioItemIndicator>
                <Check aria-hidden className="size-3.5 text-accent" />
              </Base.RadioItemIndicator>
            </Base.RadioItem>
          ))}
        </Base.RadioGroup>
      )
    case 'item':
      return (
        <Base.Item
          onClick={() => entry.onSelect()}
          {...(entry.disabled === undefined ? {} : { disabled: entry.disabled })}
          className={cn(ITEM, entry.danger === true && 'text-danger [&>svg]:text-danger')}
        >
          {entry.icon}
          <Isolate truncate className="flex-1 pr-4">
            {entry.label}
          </Isolate>
          {entry.keys?.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </Base.Item>
      )
  }
}

/** A button with its menu, which is open when it mounts unless `open` controls it. */
export function OpenedMenu({
  trigger,
  entries,
  align = 'start',
  side = 'bottom',
  open,
  onOpenChange,
}: DropdownMenuProps) {
  return (
    <Base.Root
      {...(open === undefined ? { defaultOpen: true } : { open })}
      {...(onOpenChange === undefined ? {} : { onOpenChange: (next: boolean) => onOpenChange(next) })}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50 outline-none">
          <Base.Popup className={POPUP}>
            {entries.map((entry) => (
              <Entry key={entry.key} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
