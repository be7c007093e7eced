import { LoaderCircle } from 'lucide-react'

import { cn } from '../lib/cn.ts'

/** A spinner inside a control; the control itself says what is in progress. */
export function Spinner({ className }: { className?: string | undefined }) {
  return <LoaderCircle aria-hidden className={cn('size-3.5 animate-spin-slow', className)} />
}
