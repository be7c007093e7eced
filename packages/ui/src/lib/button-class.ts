import { cva } from 'class-variance-authority'

/** The classes of a button, also for links that should look like one. */
export const buttonClass = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none transition-colors duration-100 data-disabled:pointer-events-none data-disabled:opacity-50 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'border-transparent bg-accent-solid text-on-accent hover:bg-accent-solid-hover',
        secondary: 'border-line-strong bg-surface text-fg hover:bg-hover active:bg-pressed',
        ghost: 'border-transparent text-muted hover:bg-hover hover:text-fg active:bg-pressed data-popup-open:bg-hover',
        danger: 'border-transparent bg-danger-solid text-on-accent hover:bg-danger-solid-hover',
        link: 'h-auto border-transparent px-0 text-accent underline-offset-2 hover:underline',
      },
      size: {
        sm: 'h-7 px-2.5 text-xs [&_svg]:size-3.5',
        md: 'h-8 px-3 text-sm [&_svg]:size-4',
        lg: 'h-10 px-4 text-base [&_svg]:size-4',
      },
      block: { true: 'w-full', false: '' },
    },
    compoundVariants: [{ variant: 'link', className: 'h-auto px-0' }],
    defaultVariants: { variant: 'secondary', size: 'md', block: false },
  },
)
