import { formatAddress, parseAddress } from '@mairust/mail-core/address'
import { isExtraField, isFieldName, readMailboxes } from '@mairust/mail-core/header'
import type { MailboxAddress } from '@mairust/mail-core/message'
import { isComposable, isFileType } from '@mairust/mail-core/message/composable'
import { z } from 'zod'
import { label, text, wireBool } from './scalars.ts'
import { ADDRESS, word } from './words.ts'

// What an author writes, in a draft or in mail to be sent.

const EXAMPLE = 'ann@example.com or "Ann Example" <ann@example.com>'
const MAX_ADDRESS_TEXT = 1000

/** One author or recipient, as text or in parts: `Ann <ann@example.com>` or `{ name, address }`. */
export const correspondent = () =>
  z
    .union([
      z.string().max(MAX_ADDRESS_TEXT),
      z.strictObject({
        name: word(label(200), 'Display name.', 'Hana Sato').optional(),
        address: word(z.string().max(MAX_ADDRESS_TEXT), ...ADDRESS),
      }),
    ])
    .transform((value, payload): MailboxAddress => {
      const read = typeof value === 'string' ? ofText(value) : ofParts(value)
      if (typeof read !== 'string') return read
      payload.addIssue({
        code: 'custom',
        message: read,
        input: value,
        path: typeof value === 'string' ? [] : ['address'],
      })
      return z.NEVER
    })

/** The mailbox, or what is wrong with it. */
const ofText = (value: string): MailboxAddress | string => {
  const line = value.trim()
  if (/\p{Cc}/u.test(line) || !line.isWellFormed()) return 'must not contain control characters'
  const [found, ...more] = readMailboxes(line) ?? []
  if (found === undefined) {
    return `must be one address, such as ${EXAMPLE}; put a name with other characters than letters into double quotes`
  }
  if (more.length > 0) return 'contains several addresses: send a list with one in each entry'
  const address = formatAddress(found)
  if (!isComposable(address)) return 'must not contain angle brackets in the address itself'
  return { name: nameIn(line), address }
}

/** The name before the address of a mailbox that is well-formed, without quotes and comments (RFC 5322 §3.2). */
const nameIn = (mailbox: string): string => {
  const [, phrase = ''] = /^(.*)<[^<>]*>$/.exec(mailbox) ?? []
  return phrase
    .replaceAll(
      /"((?:[^"\\]|\\.)*)"|\((?:[^()\\]|\\.)*\)/g,
      (_, quoted?: string) => quoted?.replaceAll(/\\(.)/g, '$1') ?? ' ',
    )
    .replaceAll(/\s+/g, ' ')
    .trim()
}

const ofParts = ({ name = '', address }: { name?: string | undefined; address: string }): MailboxAddress | string => {
  const parsed = parseAddress(address.trim())
  if (!parsed.ok || !isComposable(address.trim())) return 'must be an email address such as ann@example.com'
  return { name, address: formatAddress(parsed.value) }
}

/** A Message-ID, with or without angle brackets; without them from then on. */
export const messageIdText = () =>
  z
    .string()
    .trim()
    .max(998)
    .regex(/^(?:<(?!.*[<>].)[\x21-\x7e]+>|(?!.*[<>])[\x21-\x7e]+)$/, {
      error: 'must be a Message-ID such as <1@example.com>',
    })
    .transform((id) => id.replaceAll(/[<>]/g, ''))

/** A header field that has no place of its own in a message. */
export const extraHeader = () =>
  z.strictObject({
    name: word(
      z
        .string()
        .refine(isFieldName, { error: 'must be the name of a header field: up to 76 letters, digits and hyphens' })
        .refine(isExtraField, { error: 'cannot be set here: it has a field of its own, or the server writes it' }),
      'Name of the header field.',
      'X-Priority',
    ),
    value: word(label(998), 'The value.', '1'),
  })

const SLICE = 65_536
const BASE64_CHARACTERS = /^[\w+/-]*$/

/** A slice at a time: one expression over all of a large file would need more stack than there is. */
const isBase64 = (value: string): boolean => {
  const bare = value.replace(/={1,2}$/, '')
  if (bare.length % 4 === 1 || (bare.length < value.length && value.length % 4 !== 0)) return false
  for (let at = 0; at < bare.length; at += SLICE) if (!BASE64_CHARACTERS.test(bare.slice(at, at + SLICE))) return false
  return true
}

/** Bytes as base64. */
export const base64Text = () => z.string().refine(isBase64, { error: 'must be base64 without line ends' })

/** A file of a message, with its content as base64. */
export const newAttachment = () =>
  z
    .strictObject({
      filename: word(label(255, 1), 'Name of the file.', 'menu.pdf'),
      content_type: word(
        z.string().refine(isFileType, {
          error:
            'must be a media type such as application/pdf, without parameters and neither multipart nor message, but for message/rfc822',
        }),
        'Its media type; application/octet-stream unless given.',
        'application/pdf',
      ).optional(),
      content: word(base64Text(), 'The file as base64.', 'JVBERi0='),
      content_id: word(
        messageIdText().nullable(),
        'Content-ID that the HTML refers to it by, as `cid:`.',
        null,
      ).optional(),
      inline: word(
        wireBool(),
        'Whether it is a picture within the HTML, which then needs its `content_id`.',
        false,
      ).optional(),
    })
    .refine(({ inline, content_id: id }) => inline !== true || typeof id === 'string', {
      path: ['content_id'],
      error: 'is needed for what is shown within the text, so that the HTML can refer to it as cid:',
    })

/** Longest text or HTML: what the reader shows in any case, whatever its line ends. */
const MAX_BODY = 500_000

/** The text or the HTML of a message. */
export const bodyText = () => text(MAX_BODY)
