'use client'

import { Input, Kbd } from '@mairust/ui'
import { Search, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState, type RefObject } from 'react'

export type SearchBoxProps = {
  value: string
  onSearch: (query: string) => void
  ref: RefObject<HTMLInputElement | null>
}

const OPERATORS = ['from:', 'to:', 'subject:', 'has:attachment', 'tag:', 'in:', 'before:', 'after:'] as const

/** Searches on Enter, in the API's query syntax; while focused it offers the operators as buttons. */
export function SearchBox({ value, onSearch, ref }: SearchBoxProps) {
  const t = useTranslations('mail.search')
  const [draft, setDraft] = useState(value)
  const [given, setGiven] = useState(value)
  if (given !== value) {
    setGiven(value)
    setDraft(value)
  }
  const clear = () => {
    setDraft('')
    onSearch('')
  }
  return (
    <form
      role="search"
      className="group relative min-w-0 flex-1 md:max-w-xl"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(draft.trim())
        ref.current?.blur()
      }}
    >
      <Input
        ref={ref}
        type="text"
        dir="auto"
        inputMode="search"
        enterKeyHint="search"
        aria-label={t('label')}
        placeholder={t('placeholder')}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          if (draft === '') event.currentTarget.blur()
          else clear()
        }}
        spellCheck={false}
        autoComplete="off"
        className="border-line-strong bg-surface"
        before={<Search aria-hidden className="size-4 shrink-0 text-subtle" />}
        after={
          draft === '' ? (
            <span className="hidden md:inline">
              <Kbd>/</Kbd>
            </span>
          ) : (
            <button
              type="button"
              aria-label={t('clear')}
              onClick={clear}
              className="-mr-1 rounded-sm p-1 text-subtle hover:text-fg"
            >
              <X aria-hidden className="size-4" />
            </button>
          )
        }
      />
      <div className="overlay absolute inset-x-0 top-9 z-30 hidden flex-wrap group-focus-within:flex gap-1.5 p-2">
        {OPERATORS.map((operator) => (
          <button
            key={operator}
            type="button"
            // Losing the focus would close the panel before the click arrives.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => setDraft(`${draft.trim()} ${operator}${operator.endsWith(':') ? '' : ' '}`.trimStart())}
            className="rounded-sm border bg-sunken px-1.5 py-0.5 font-mono text-xs text-muted hover:bg-hover hover:text-fg"
          >
            {operator}
          </button>
        ))}
        <p className="w-full px-0.5 text-xs text-subtle">{t('hint')}</p>
      </div>
    </form>
  )
}
