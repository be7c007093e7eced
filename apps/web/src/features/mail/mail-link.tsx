'use client'

import type { ComponentProps, MouseEvent } from 'react'

import { placePath, type MailPlace } from './location.ts'

export type MailLinkProps = Omit<ComponentProps<'a'>, 'href'> & { place: MailPlace; onGo: (place: MailPlace) => void }

/** A link to a folder that changes what is shown without asking the server for a page. */
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
