'use client'

import { cloneElement, lazy, Suspense, useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react'

// Menus are a large part of the toolkit that the first view of a page does not need.
const loadPopup = () => import('./menu-popup.tsx')
const OpenedMenu = lazy(async () => ({ default: (await loadPopup()).OpenedMenu }))

export type MenuEntry =
  | {
      kind: 'item'
      key: string
      label: ReactNode
      icon?: ReactNode
      keys?: readonly string[] | undefined
      danger?: boolean | undefined
      disabled?: boolean | undefined
      onSelect: () => void
    }
  | { kind: 'link'; key: string; label: ReactNode; icon?: ReactNode; href: string; download?: string | undefined }
  | {
      kind: 'check'
      key: string
      label: ReactNode
      icon?: ReactNode
      checked: boolean
      onSelect: (checked: boolean) => void
    }
  | {
      kind: 'radio'
      key: string
      label: ReactNode
      value: string
      options: readonly { value: string; label: ReactNode; icon?: ReactNode }[]
      onSelect: (value: string) => void
    }
  | { kind: 'heading'; key: string; label: ReactNode }
  | { kind: 'separator'; key: string }

export type DropdownMenuProps = {
  trigger: ReactElement
  entries: readonly MenuEntry[]
  align?: 'start' | 'center' | 'end' | undefined
  side?: 'top' | 'bottom' | 'right' | 'left' | undefined
  open?: boolean | undefined
  onOpenChange?: ((open: boolean) => void) | undefined
}

/** Actions behind a button. The menu itself is fetched when the pointer or the focus comes near. */
export function DropdownMenu(props: DropdownMenuProps) {
  const { trigger, open = false, onOpenChange } = props
  const [opened, setOpened] = useState(open)
  if (open && !opened) setOpened(true)
  const preload = () => void loadPopup()
  const show = () => {
    setOpened(true)
    onOpenChange?.(true)
  }
  const closed = cloneElement(trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: preload,
    onFocus: preload,
    onClick: show,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      show()
    },
  } as object)
  return opened ? (
    <Suspense fallback={closed}>
      <OpenedMenu {...props} />
    </Suspense>
  ) : (
    closed
  )
}
