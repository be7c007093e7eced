import { buildIndex, type MessageIndex } from '@mairust/mail-core/message'

/** Builds the index of a message; one that makes this fail gets a stand-in that says so. */
export function indexBytes(raw: Uint8Array): MessageIndex {
  try {
    return buildIndex(raw)
  } catch {
    return unreadable('The message could not be read')
  }
}

/** A stand-in for the index of a message that cannot be read. */
export function unreadable(parseError: string, version = 0): MessageIndex {
  return {
    subject: '',
    from: [],
    sender: null,
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    date: null,
    messageId: null,
    inReplyTo: [],
    references: [],
    preview: '',
    attachments: [],
    hasAttachments: false,
    search: { subject: '', sender: '', recipients: '', body: '' },
    parseError,
    version,
  }
}
