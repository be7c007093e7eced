'use client'

import type { ComponentProps, MouseEvent } from 'react'

import { placePath, type MailPlace } from './location.ts'

export type MailLinkProps = Omit<ComponentProps<'a'>, 'href'> & { place: MailPlace; onGo: (place: MailPlace) => void }

/** A link to a folder that opens it without requesting a page from the server. */
export function MailLink({ place, onGo, onClick, children, ...rest }: MailLinkProps) {
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    onGo(place)
  }
  return (
    <a {...rest} href={placePath(place)} onClick={go}>
      {children}
    </a>
  )
}
