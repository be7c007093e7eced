'use client'

import { cloneElement, lazy, Suspense, useState, type KeyboardEvent } from 'react'

import type { DropdownMenuProps } from './menu-types.ts'

// Menus are a large part of the toolkit that the first view of a page does not need.
const loadPopup = () => import('./menu-popup.tsx')
const OpenedMenu = lazy(async () => ({ default: (await loadPopup()).OpenedMenu }))

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
