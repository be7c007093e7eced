import type { PageSource } from '@mairust/api'

import { chooseLocale, COOKIE } from '../lib/preferences.ts'
import en from '../messages/en.json'
import ja from '../messages/ja.json'

import { API, apiHolder } from './api-holder.ts'

/** What the web front asks before Next renders a page. If the API is not open, the page itself reports that. */
export const pageSource: PageSource = {
  admit: async (request) => (await apiHolder[API])?.admitPage(request) ?? null,
  refusal: (request, error) => {
    const locale = chooseLocale(localeCookie(request), request.headers.get('accept-language'))
    const { failure } = locale === 'ja' ? ja : en
    const { title, help } = failure[textFor(error)]
    return new Response(`${title} ${help}\n`, {
      status: error.status,
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Language': locale,
        'Cache-Control': 'no-store',
        ...(error.retryAfter === undefined ? {} : { 'Retry-After': String(error.retryAfter) }),
      },
    })
  },
}

function textFor({ code }: Parameters<PageSource['refusal']>[1]): 'RATE_LIMITED' | 'ADDRESS_TOO_LONG' | 'UNAVAILABLE' {
  if (code === 'RATE_LIMITED') return code
  return code === 'INVALID_REQUEST' ? 'ADDRESS_TOO_LONG' : 'UNAVAILABLE'
}

function localeCookie(request: Request): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE.locale}=([a-z]+)`).exec(request.headers.get('cookie') ?? '')?.[1]
}
