import type { ReactElement, ReactNode } from 'react'

/** One entry of a menu. */
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
