import { formatPath } from '../address/index.ts'
import type { Explanation } from '../bounce/classes.ts'
import { explainBounce } from '../bounce/explain.ts'
import { formatReply } from '../smtp/reply.ts'
import { escapeRemote } from '../smtp/text.ts'
import { foldWords } from './encode.ts'
import { originalAddress } from './machine.ts'
import { DSN_ACTIONS, type DsnRecipient, type DsnReport } from './types.ts'
import { DSN_WORDS } from './words.ts'

const MAX_LINE = 76
const MAX_REPLY = 500
/** Recipients that people are told of one by one. */
const MAX_LISTED = 100

/** The part for people (RFC 3464 §1, O43): what happened to whom, what to do now, and what the remote said. */
export function humanText(report: DsnReport, subject: string, hasFullMessage: boolean): string {
  const words = DSN_WORDS[report.language]
  const listed = report.recipients.slice(0, MAX_LISTED)
  const sections = DSN_ACTIONS.map((action) => listed.filter((each) => each.action === action))
    .filter((recipients) => recipients.length > 0)
    .flatMap((recipients) => [
      ...(recipients[0] === undefined ? [] : folded(words.heading[recipients[0].action], '')),
      '',
      ...recipients.flatMap((recipient) => [...recipientLines(recipient, report), '']),
    ])
  const more = report.recipients.length - listed.length
  return [
    ...sections,
    ...(more === 0 ? [] : [words.more(more), '']),
    ...words.about(subject, words.date(report.arrivedAt)).flatMap((line) => folded(line, '')),
    '',
    ...folded(words.closing(report.hostname, hasFullMessage), ''),
    '',
  ].join('\n')
}

function recipientLines(recipient: DsnRecipient, { language }: DsnReport): string[] {
  const words = DSN_WORDS[language]
  const { action, said, reply, willRetryUntil } = recipient
  const explained = recipient.suppressed === true ? words.suppressed : explainClass(recipient.class, language)
  const isTrouble = action === 'failed' || action === 'delayed'
  return [
    // The sender knows the address that they wrote, and not where it led.
    `  ${escapeRemote(originalAddress(recipient) ?? formatPath(recipient.path), 320)}`,
    ...(explained === null ? [] : [explained.happened, explained.todo].flatMap((line) => folded(line))),
    ...(action === 'delayed' && willRetryUntil !== null ? folded(words.until(words.date(willRetryUntil))) : []),
    ...(isTrouble ? folded(said === null ? words.weSay : words.said(escapeRemote(said.host, 255))) : []),
    ...(isTrouble ? folded(escapeRemote(formatReply(said?.reply ?? reply), MAX_REPLY), '      ') : []),
  ]
}

const explainClass = (cls: DsnRecipient['class'], language: DsnReport['language']): Explanation | null =>
  cls === null ? null : explainBounce(cls, language)

function folded(text: string, indent = '    '): string[] {
  return foldWords(text, MAX_LINE - indent.length).map((line) => `${indent}${line}`)
}
