import { clsx, type ClassValue } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

const merge = extendTailwindMerge({
  extend: { classGroups: { 'font-size': [{ text: ['2xs', 'xs', 'sm', 'base', 'lg', 'xl', '2xl'] }] } },
})

/** Joins class names; the last of several Tailwind classes for the same property wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}
