import { fromGmailLabels } from './gmail-labels.ts'
import type { Head } from './head.ts'
import type { LeftOutReason, SourceMessage } from './source.ts'
import { tagsOfKeywords } from './tags.ts'

/** Bits of `X-Mozilla-Status`, in which Thunderbird keeps its flags. */
const MOZILLA = { read: 0x0001, replied: 0x0002, marked: 0x0004, expunged: 0x0008 } as const
/** Bit of `X-Mozilla-Status2`: deleted on the server, not yet here. */
const IMAP_DELETED = 0x0020_0000

/** What mail clients noted about a message in the mbox. */
export type MboxNotes = Pick<SourceMessage, 'seen' | 'starred' | 'answered' | 'draft' | 'folder' | 'role' | 'tags'>

const bitsOf = (hex: string): number => (/^[0-9a-f]{1,8}$/i.test(hex) ? Number.parseInt(hex, 16) : 0)

/** The letters of `Status` and `X-Status`, in which mutt, Dovecot and others keep their flags. */
const lettersOf = (head: Head): string => [...head.all('status'), ...head.all('x-status')].join('')

const has = (bits: number, mask: number): boolean => (bits & mask) !== 0

/** Why the mail client would hide a message; null when it would not. */
export function hiddenBy(head: Head): LeftOutReason | null {
  // The pseudo-message in which UW IMAP and Dovecot keep the mbox's metadata.
  if (head.first('x-imap') !== '' && /folder internal data/i.test(head.first('subject'))) return 'internal'
  const deleted =
    has(bitsOf(head.first('x-mozilla-status')), MOZILLA.expunged) ||
    has(bitsOf(head.first('x-mozilla-status2')), IMAP_DELETED) ||
    lettersOf(head).includes('D')
  return deleted ? 'deleted' : null
}

/** Flags, tags and folder of a message, from the fields that mail clients add in an mbox. */
export function notesOf(head: Head): MboxNotes {
  const letters = lettersOf(head)
  const bits = bitsOf(head.first('x-mozilla-status'))
  const keywords = [...head.all('x-mozilla-keys'), ...head.all('x-keywords')].flatMap((field) => field.split(/\s+/))
  const notes = {
    seen: letters.includes('R') || has(bits, MOZILLA.read),
    starred: letters.includes('F') || has(bits, MOZILLA.marked),
    answered: letters.includes('A') || has(bits, MOZILLA.replied),
    draft: letters.includes('T'),
    folder: null,
    role: null,
    tags: tagsOfKeywords(keywords),
  }
  const labels = head.first('x-gmail-labels')
  return labels === '' ? notes : { ...notes, ...fromGmailLabels(labels) }
}
