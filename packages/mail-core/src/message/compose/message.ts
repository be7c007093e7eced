import MailComposer from 'nodemailer/lib/mail-composer'
import { formatAddress, parseAddress } from '../../address/index.ts'
import type { MailboxAddress } from '../types.ts'
import { isExtraField, isFieldName } from '../../header/index.ts'
import { isFileType } from './composable.ts'

/** A file of a message. */
export type ComposedAttachment = {
  filename: string
  /** `type/subtype`, without parameters. */
  contentType: string
  content: Buffer
  /** Without angle brackets; null unless the HTML refers to it. */
  contentId: string | null
  inline: boolean
}

/** What an author writes; Message-IDs are without angle brackets. */
export type MessageFields = {
  from: MailboxAddress | null
  to: readonly MailboxAddress[]
  cc: readonly MailboxAddress[]
  bcc: readonly MailboxAddress[]
  replyTo: readonly MailboxAddress[]
  subject: string
  inReplyTo: string | null
  references: readonly string[]
  /** Other fields, in order; none that has a place of its own (see `isExtraField`). */
  headers: readonly { name: string; value: string }[]
  text: string | null
  html: string | null
  attachments: readonly ComposedAttachment[]
}

/** Some of the fields. */
export type Given<Fields> = { [Name in keyof Fields]?: Fields[Name] | undefined }

/** What makes a message unlike any other. */
export type ComposeTools = {
  readonly date: Date
  /** Without angle brackets. */
  readonly messageId: string
  /** Cannot be guessed, so that no text contains it. */
  readonly boundary: string
}

/**
 * Composes a message (RFC 5322, RFC 2045), with its Bcc. Whatever the fields contain, none can begin another field or part: line
 * ends are removed, and content is only ever what is given, never a file or an address that it names.
 */
export async function composeMessage(fields: Given<MessageFields>, tools: ComposeTools): Promise<Buffer> {
  const { text = null, html = null } = fields
  const node = new MailComposer({
    ...(fields.from ? { from: written(fields.from) } : {}),
    to: fields.to?.map(written),
    cc: fields.cc?.map(written),
    bcc: fields.bcc?.map(written),
    replyTo: fields.replyTo?.map(written),
    subject: fields.subject,
    inReplyTo: bracketed(fields.inReplyTo),
    references: fields.references?.map((id) => `<${oneWord(id)}>`),
    headers: (fields.headers ?? [])
      .filter(({ name }) => isFieldName(name) && isExtraField(name))
      .map(({ name, value }) => ({ key: name, value })),
    date: tools.date,
    messageId: `<${tools.messageId}>`,
    ...(text === null || text === '' ? {} : { text: withLineEnds(text) }),
    ...(html === null || html === '' ? {} : { html: withLineEnds(html) }),
    // A message without text is an empty text: a file alone would be its body.
    ...(isBlank(text) && isBlank(html)
      ? { alternatives: [{ contentType: 'text/plain; charset=utf-8', content: '' }] }
      : {}),
    attachments: (fields.attachments ?? []).map(part),
    baseBoundary: tools.boundary,
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  node.keepBcc = true
  return node.build()
}

const isBlank = (text: string | null): boolean => text === null || text === ''

function bracketed(id: string | null | undefined): string | undefined {
  return id === null || id === undefined ? undefined : `<${oneWord(id)}>`
}

const oneWord = (id: string): string => id.replaceAll(/[\s<>]/g, '')

/** Every text ends with a line end, so that reading it back knows what to take away. */
const withLineEnds = (text: string): string => `${text.replaceAll(/\r\n|\r|\n/g, '\r\n')}\r\n`

/** With the local part quoted where it must be. What is no address stays as it is. */
function written({ name, address }: MailboxAddress): MailboxAddress {
  const parsed = parseAddress(address)
  return { name, address: parsed.ok ? formatAddress(parsed.value) : address }
}

function part({ filename, contentType, content, contentId, inline }: ComposedAttachment) {
  return {
    filename,
    contentType: isFileType(contentType) ? contentType : 'application/octet-stream',
    // A view of the bytes has no properties of its own, of which the composer would read files.
    content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    // Anything else inline, and without a reference, would be part of the text.
    contentDisposition: inline && contentId !== null && /^image\//i.test(contentType) ? 'inline' : 'attachment',
    ...(contentId === null ? {} : { cid: oneWord(contentId) }),
  }
}
