import { z } from 'zod'
import { count, flag, httpUrl, text } from './kit.ts'

export const spam = z.strictObject({
  rspamd: z
    .strictObject({
      enabled: flag(false, 'Scan each message with rspamd.'),
      url: httpUrl('http://127.0.0.1:11333', 'Address of rspamd’s normal worker or proxy.'),
      timeout_ms: count(5000, 100, 25_000, 'Milliseconds to wait for its response.'),
      password: text('', 'Password of rspamd.'),
    })
    .prefault({}),
  rules: z.strictObject({ enabled: flag(true, 'Use the built-in rules.') }).prefault({}),
})
