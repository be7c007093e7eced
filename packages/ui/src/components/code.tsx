'use client'

import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'

import { cn } from '../lib/cn.ts'
import { IconButton } from './icon-button.tsx'

export type CopyButtonProps = { value: string; label: string; copiedLabel: string; className?: string | undefined }

/** Copies a text to the clipboard and confirms it for two seconds. */
export function CopyButton({ value, label, copiedLabel, className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <>
      <IconButton
        size="sm"
        label={copied ? copiedLabel : label}
        icon={copied ? <Check className="text-success" /> : <Copy />}
        className={className}
        onClick={() => {
          copyText(value).then(
            () => setCopied(true),
            () => setCopied(false),
          )
        }}
      />
      <span role="status" className="sr-only">
        {copied ? copiedLabel : ''}
      </span>
    </>
  )
}

/** The clipboard API needs https; a server reached by plain http on a LAN gets the old command. */
async function copyText(value: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(value)
  const area = document.createElement('textarea')
  area.value = value
  area.style.position = 'fixed'
  document.body.append(area)
  area.select()
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way on an insecure origin
  document.execCommand('copy')
  area.remove()
  return Promise.resolve()
}

export type CodeBlockProps = {
  code: string
  /** The code in another form to look at; what is copied stays `code`. */
  children?: ReactNode
  /** Accessible name of the scrollable block. */
  label: string
  copyLabel: string
  copiedLabel: string
  wrap?: boolean | undefined
  className?: string | undefined
}

/** Text to read or copy exactly: commands, headers, the source of a message. */
export function CodeBlock({ code, label, copyLabel, copiedLabel, wrap = false, className, children }: CodeBlockProps) {
  return (
    <div className={cn('relative rounded-md border bg-sunken', className)}>
      <pre
        role="region"
        aria-label={label}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrollable region must be reachable by keyboard
        tabIndex={0}
        className={cn(
          'h-full max-h-[inherit] overflow-auto p-3 pr-11 font-mono text-xs leading-5',
          wrap && 'whitespace-pre-wrap',
        )}
      >
        {children ?? code}
      </pre>
      <CopyButton
        value={code}
        label={copyLabel}
        copiedLabel={copiedLabel}
        className="absolute top-1.5 right-1.5 bg-sunken"
      />
    </div>
  )
}
