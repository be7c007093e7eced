'use client'

import { JOURNEY_DIRECTIONS, JOURNEY_STATUSES } from '@mairust/api/contract'
import { Button, Field, Input, Select } from '@mairust/ui'
import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState, type SubmitEvent } from 'react'

import { fromLocalTime, NO_FILTER, toLocalTime, type TraceFilter } from './use-trace-filter.ts'

const ANY = 'any'
const TEXTS = ['address', 'message_id', 'remote_address', 'reason'] as const
const TIMES = ['after', 'before'] as const

const pick = <Value extends string>(values: readonly Value[], value: string): Value | null =>
  values.find((one) => one === value) ?? null

/** The search form for journeys. */
export function TraceForm({ filter, onSearch }: { filter: TraceFilter; onSearch: (filter: TraceFilter) => void }) {
  const t = useTranslations('trace')
  const [draft, setDraft] = useState(filter)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onSearch(draft)
  }
  const clear = () => {
    setDraft(NO_FILTER)
    onSearch(NO_FILTER)
  }
  const options = <Value extends string>(values: readonly Value[], label: (value: Value) => string) => [
    { value: ANY, label: t('any') },
    ...values.map((value) => ({ value, label: label(value) })),
  ]
  return (
    <form onSubmit={submit} role="search" className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-4" noValidate>
      {TEXTS.map((name) => (
        <Field key={name} label={t(`fields.${name}`)}>
          <Input
            value={draft[name] ?? ''}
            spellCheck={false}
            autoCapitalize="none"
            onChange={({ target }) => setDraft({ ...draft, [name]: target.value === '' ? null : target.value })}
          />
        </Field>
      ))}
      <Field label={t('fields.status')}>
        <Select
          value={draft.status ?? ANY}
          onValueChange={(value) => setDraft({ ...draft, status: pick(JOURNEY_STATUSES, value) })}
          options={options(JOURNEY_STATUSES, (value) => t(`statuses.${value}`))}
        />
      </Field>
      <Field label={t('fields.direction')}>
        <Select
          value={draft.direction ?? ANY}
          onValueChange={(value) => setDraft({ ...draft, direction: pick(JOURNEY_DIRECTIONS, value) })}
          options={options(JOURNEY_DIRECTIONS, (value) => t(`directions.${value}`))}
        />
      </Field>
      {TIMES.map((name) => (
        <Field key={name} label={t(`fields.${name}`)}>
          <Input
            type="datetime-local"
            value={toLocalTime(draft[name])}
            onChange={({ target }) => setDraft({ ...draft, [name]: fromLocalTime(target.value) })}
          />
        </Field>
      ))}
      <div className="flex gap-2 sm:col-span-2 lg:col-span-4">
        <Button type="submit" variant="primary" icon={<Search />}>
          {t('search')}
        </Button>
        <Button onClick={clear}>{t('clear')}</Button>
      </div>
    </form>
  )
}
