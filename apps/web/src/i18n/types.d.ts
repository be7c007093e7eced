import type { Locale } from '../lib/preferences.ts'
import type en from '../messages/en.json'

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale
    Messages: typeof en
  }
}
