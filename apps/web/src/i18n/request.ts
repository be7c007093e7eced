import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'

import { COOKIE, chooseLocale } from '../lib/preferences.ts'
import en from '../messages/en.json'
import ja from '../messages/ja.json'

/** The language of the request, and its messages. */
export default getRequestConfig(async () => {
  const locale = chooseLocale((await cookies()).get(COOKIE.locale)?.value, (await headers()).get('accept-language'))
  return { locale, messages: locale === 'ja' ? ja : en }
})
