import { useTranslations } from 'next-intl'

/** The logo: an M that is the flap of an envelope. */
export function BrandMark({ className = 'size-6' }: { className?: string | undefined }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={className}>
      <rect width="24" height="24" rx="6" fill="var(--accent-solid)" />
      <path
        d="M5.5 17.5v-11l6.5 6 6.5-6v11"
        fill="none"
        stroke="#fff"
        strokeWidth="2.1"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}

/** Logo and name. */
export function Brand() {
  const t = useTranslations('app')
  return (
    <span className="flex items-center gap-2">
      <BrandMark className="size-5" />
      <span className="text-base font-semibold tracking-tight">{t('name')}</span>
    </span>
  )
}
