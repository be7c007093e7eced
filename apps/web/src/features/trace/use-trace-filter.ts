'use client'

import { JOURNEY_DIRECTIONS, JOURNEY_STATUSES } from '@mairust/api/contract'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'

const PARAMETERS = {
  address: parseAsString,
  message_id: parseAsString,
  status: parseAsStringLiteral(JOURNEY_STATUSES),
  direction: parseAsStringLiteral(JOURNEY_DIRECTIONS),
  remote_address: parseAsString,
  reason: parseAsString,
  after: parseAsString,
  before: parseAsString,
}

type Parameters = ReturnType<typeof useQueryStates<typeof PARAMETERS>>[0]
/** The filters of the list, named as in the API; null if not set. */
export type TraceFilter = Parameters

export const NO_FILTER: TraceFilter = {
  address: null,
  message_id: null,
  status: null,
  direction: null,
  remote_address: null,
  reason: null,
  after: null,
  before: null,
}

/** The filter is in the URL, so that a search can be shared. */
export function useTraceFilter() {
  return useQueryStates(PARAMETERS, { history: 'push' })
}

/** Converts a time of the API to the value of a `datetime-local` input, in the user's time zone. */
export function toLocalTime(iso: string | null): string {
  const date = new Date(iso ?? '')
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** The inverse of `toLocalTime`; null for an empty input. */
export function fromLocalTime(text: string): string | null {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}
