import type { ReturnedParts } from './parts.ts'

/** Fields that only programs write which answer for somebody who is away. */
const FIELDS = [
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-auto-reply-from',
  'x-vacation',
  'x-autoreply-from',
]
const SUBJECT = [
  /^(?:re: ?)?(?:out of (?:the )?office|automatic reply|auto(?:mated|matic)?[ -]?(?:reply|response|answer)|vacation|on (?:leave|vacation|holiday))\b/i,
  /^(?:abwesenheit|automatische antwort|r.ponse automatique|absence|respuesta autom|risposta automatica|fuera de la oficina)/i,
  /自動(?:応答|返信|回答|回复)|不在(?:通知|の)|休暇|外出中/,
]
const VACATION = /\b(?:vacation|auto-?repl|notified by)/i

/** Whether a program answered for a reader: a vacation notice, an acknowledgement. Never a sign that mail failed. */
export function isAutoReply({ field }: ReturnedParts): boolean {
  if (FIELDS.some((name) => /^(?!no\b)./i.test(field(name)))) return true
  if (/^auto[_-]?reply/i.test(field('precedence')) || /\(vacation|vacation\)/i.test(field('auto-submitted')))
    return true
  return SUBJECT.some((words) => words.test(field('subject'))) || VACATION.test(field('x-mailer'))
}

/** RFC 3834 §5: anything but `no`. Bounces have it too, so it comes last. */
export function isAutomatic({ field }: ReturnedParts): boolean {
  return /^(?!no\b)\w/i.test(field('auto-submitted').trim())
}
