'use client'

import { useEffect, useRef } from 'react'

/** Time between the keys of a sequence such as `g i`, in milliseconds. */
const SEQUENCE_MS = 1200
const TYPING =
  'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="textbox"], [role="combobox"]'
// Those that are fading out do not count.
const MODAL = ':is([role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]):not([data-closed])'

export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** The name of a key press: `j`, `J`, `#`, `Escape`, `mod+k` (Ctrl, or Command on a Mac), `shift+ArrowDown`. */
export function hotkeyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const named = event.key.length > 1
  const parts: string[] = []
  if (event.ctrlKey || event.metaKey) parts.push('mod')
  if (event.altKey) parts.push('alt')
  if (event.shiftKey && named) parts.push('shift')
  return [...parts, event.key].join('+')
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  const field = target.closest(TYPING)
  if (field === null) return false
  return !(field instanceof HTMLInputElement && ['checkbox', 'radio', 'button', 'submit'].includes(field.type))
}

/**
 * Handles single keys, combinations and two-key sequences (`'g i'`) for the whole window. Ignores keys while the user types,
 * uses an input method, or has a dialog or menu open, except combinations with `mod`.
 */
export function useHotkeys(hotkeys: Hotkeys, enabled = true): void {
  const current = useRef(hotkeys)
  useEffect(() => {
    current.current = hotkeys
  })
  useEffect(() => {
    if (!enabled) return undefined
    let pending: { key: string; at: number } | undefined
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return
      const key = hotkeyOf(event)
      if (!key.startsWith('mod+') && (isTyping(event.target) || document.querySelector(MODAL) !== null)) return
      const sequence =
        pending !== undefined && event.timeStamp - pending.at < SEQUENCE_MS ? `${pending.key} ${key}` : undefined
      const action = (sequence === undefined ? undefined : current.current[sequence]) ?? current.current[key]
      pending = action === undefined && startsSequence(current.current, key) ? { key, at: event.timeStamp } : undefined
      if (action === undefined) return
      event.preventDefault()
      action(event)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [enabled])
}

function startsSequence(hotkeys: Hotkeys, key: string): boolean {
  return Object.keys(hotkeys).some((name) => name.startsWith(`${key} `))
}
