'use client'

import { useHotkeys, type Hotkeys } from '@mairust/ui'

import type { MailController } from './use-mail-controller.ts'

export type MailCommands = {
  focusSearch: () => void
  openMove: () => void
  openTag: () => void
  purge: () => void
  undo: () => void
  goTo: (folder: string) => void
  help: () => void
  commands: () => void
  toggleSidebar: () => void
}

/** The keyboard shortcuts of the mail pages. `single` switches the single-key ones; combinations are always on. */
export function useMailHotkeys(mail: MailController, commands: MailCommands, single: boolean): void {
  const { place } = mail
  const firstTarget = mail.targets[0]
  const keys: Hotkeys = {
    j: () => mail.step(1),
    k: () => mail.step(-1),
    J: () => mail.step(1, true),
    K: () => mail.step(-1, true),
    o: () => mail.openCurrent(),
    x: () => mail.toggleCurrent(),
    e: () => mail.actOnTargets(place === 'trash' ? { action: 'restore' } : { action: 'move', folder: 'archive' }),
    '#': () => {
      if (place !== 'trash') mail.actOnTargets({ action: 'trash' })
      else if (firstTarget !== undefined) commands.purge()
    },
    '!': () => mail.actOnTargets({ action: 'move', folder: 'junk' }),
    s: () => mail.actOnTargets({ action: firstTarget?.starred === true ? 'unstar' : 'star' }),
    u: () => mail.actOnTargets({ action: firstTarget?.seen === false ? 'mark_seen' : 'mark_unseen' }),
    v: () => {
      mail.showActions()
      commands.openMove()
    },
    l: () => {
      mail.showActions()
      commands.openTag()
    },
    z: () => commands.undo(),
    '/': () => commands.focusSearch(),
    '?': () => commands.help(),
    '[': () => commands.toggleSidebar(),
    'g i': () => commands.goTo('inbox'),
    'g s': () => commands.goTo('sent'),
    'g d': () => commands.goTo('drafts'),
    'g a': () => commands.goTo('archive'),
    'g t': () => commands.goTo('trash'),
    'g *': () => commands.goTo('starred'),
  }
  useHotkeys(keys, single)
  useHotkeys({
    'mod+k': () => commands.commands(),
    Escape: () => (mail.selection.ids.size > 0 ? mail.clear() : mail.close()),
  })
}
