import type { NextRequest } from 'next/server'

import { chooseLocale, COOKIE } from '../lib/preferences.ts'
import en from '../messages/en.json'
import ja from '../messages/ja.json'

import { API, apiHolder } from './api-holder.ts'

/** Counts a page; returns a refusal beyond the limits, otherwise null. If the API is not open, the page itself reports that. */
export async function refusePage(request: NextRequest): Promise<Response | null> {
  const api = await apiHolder[API]?.catch(() => undefined)
  const error = await api?.admitPage(request).catch(() => null)
  if (error === undefined || error === null) return null
  const locale = chooseLocale(request.cookies.get(COOKIE.locale)?.value, request.headers.get('accept-language'))
  const { title, help } = (locale === 'ja' ? ja : en).failure.RATE_LIMITED
  return new Response(`${title} ${help}\n`, {
    status: error.status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Language': locale,
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'Cache-Control': 'no-store',
      ...(error.retryAfter === undefined ? {} : { 'Retry-After': String(error.retryAfter) }),
    },
  })
}
