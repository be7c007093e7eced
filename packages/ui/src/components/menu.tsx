'use client'

import { cloneElement, lazy, Suspense, useState, type KeyboardEvent } from 'react'

import type { DropdownMenuProps } from './menu-types.ts'

// Menus are a large part of Base UI, and the first view of a page does not need them.
const loadPopup = () => import('./menu-popup.tsx')
const OpenedMenu = lazy(async () => ({ default: (await loadPopup()).OpenedMenu }))

/** A button with a menu. The code of the menu is loaded when the pointer or the focus reaches the button. */
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
