import { parseAddress } from '../address/index.ts'
import { smtpReply } from '../smtp/index.ts'
import type { DsnRecipient, DsnReport, DsnTools } from './index.ts'

export const address = (text: string) => {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

export const ORIGINAL = Buffer.from(
  [
    'Received: from client by mail.example.org; Sat, 28 Nov 2026 10:00:00 +0000',
    'From: Ann <ann@example.org>',
    'To: bob@example.net',
    'Subject: =?UTF-8?B?5Lya6K2w44Gu5Lu2?= tomorrow',
    'Message-ID: <original-1@example.org>',
    '',
    'Hello Bob.',
    '',
  ].join('\r\n'),
)

export const recipient = (changes: Partial<DsnRecipient> = {}): DsnRecipient => {
  const reply = smtpReply(550, '5.1.1', 'User unknown')
  return {
    path: address('bob@example.net'),
    orcpt: null,
    action: 'failed',
    class: 'recipient_unknown',
    reply,
    said: { host: 'mx.example.net', reply },
    lastAttemptAt: new Date('2026-11-28T10:00:05Z'),
    willRetryUntil: null,
    ...changes,
  }
}

export const report = (changes: Partial<DsnReport> = {}): DsnReport => ({
  to: address('ann@example.org'),
  from: address('postmaster@example.org'),
  language: 'en',
  hostname: 'mail.example.org',
  arrivedAt: new Date('2026-11-28T10:00:00Z'),
  envid: null,
  ret: null,
  smtputf8: false,
  recipients: [recipient()],
  original: ORIGINAL,
  complete: true,
  ...changes,
})

export const TOOLS: DsnTools = {
  now: new Date('2026-11-28T10:00:06Z'),
  messageId: 'dsn-1@mail.example.org',
  boundary: 'dsn-0123456789',
}
