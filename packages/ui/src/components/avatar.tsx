import { cn } from '../lib/cn.ts'

/** A hue that stays the same for the same text, 0 to 359. */
export function hueOf(text: string): number {
  let hash = 0
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0
  return ((hash % 360) + 360) % 360
}

const firstOf = (word: string): string => /^./u.exec(word)?.[0] ?? ''

/** The initials of a name: two for a Latin name, one for any other. */
export function initialsOf(name: string): string {
  const words = name
    .replace(/[^\p{L}\p{N}\s]/gu, ' ')
    .trim()
    .split(/\s+/u)
    .filter(Boolean)
  const [first = '', second] = words
  const head = firstOf(first) || '?'
  if (!/^\p{Script=Latin}/u.test(first)) return head
  return (head + (second === undefined ? '' : firstOf(second))).toUpperCase()
}

/** Initials on a colour derived from the address. Decorative: the name is always beside it. */
export function Avatar({
  name,
  seed,
  className,
}: {
  name: string
  seed?: string | undefined
  className?: string | undefined
}) {
  const hue = hueOf((seed ?? name).toLowerCase())
  return (
    <span
      aria-hidden
      // Drawn by CSS: as text, the letters would become part of the accessible name of a surrounding button.
      data-initials={initialsOf(name)}
      className={cn(
        'inline-flex size-8 shrink-0 before:content-[attr(data-initials)] items-center justify-center rounded-full text-xs font-semibold select-none',
        className,
      )}
      style={{
        backgroundColor: `light-dark(oklch(0.92 0.045 ${String(hue)}), oklch(0.34 0.06 ${String(hue)}))`,
        color: `light-dark(oklch(0.4 0.1 ${String(hue)}), oklch(0.88 0.07 ${String(hue)}))`,
      }}
    />
  )
}
