import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildIndex } from './message/index.ts'
import { shownName, shownText } from './shown-text.ts'

const SCOPES = ['\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069']
const MARKS = ['\u200E', '\u200F', '\u061C']
const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`

/** A message with `text` wherever a sender can put text, in every encoding a sender can use. */
function messageWith(text: string): Buffer {
  const bare = text.replaceAll(/[\r\n]/g, '')
  const quoted = `"${bare.replaceAll(/["\\]/g, '')}"`
  return Buffer.from(
    [
      `From: ${word(text)} <ann${bare}@example.net>`,
      `Sender: ${quoted} <sam@exam${bare}ple.net>`,
      `To: (${bare.replaceAll(/[()\\]/g, '')}) <bob@example.com>, ${bare} carl@example.com`,
      `Cc: ${word(text)}`,
      `Bcc: "${word(text)} <dan@example.com>"`,
      `Reply-To: ${word(text)} ${word(text)} <${quoted}@example.net>`,
      `Subject: ${word(text)} ${bare}`,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      text,
      '--b',
      `Content-Type: application/pdf; name="${word(text)}"`,
      `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(text)}`,
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      `Subject: ${word(text)}`,
      '',
      '--b--',
      '',
    ].join('\r\n'),
  )
}

/** Every text of a message that is shown to people; ids are keys. */
function shownOf(raw: Buffer): { sentences: string[]; names: string[] } {
  const { subject, preview, from, sender, to, cc, bcc, replyTo, attachments } = buildIndex(raw)
  const people = [...from, ...(sender === null ? [] : [sender]), ...to, ...cc, ...bcc, ...replyTo]
  return {
    sentences: [subject, preview, ...people.map(({ name }) => name)],
    names: [...people.map(({ address }) => address), ...attachments.map(({ filename }) => filename)],
  }
}

test('no shown field of a message reverses the direction of the text around it, however it is encoded', () => {
  const characters = fc.constantFrom(
    ...SCOPES,
    ...MARKS,
    '\u2028',
    '\u0085',
    '\u200B',
    'a',
    'א',
    ' ',
    '=',
    '?',
    '<',
    '.',
  )
  fc.assert(
    fc.property(fc.string({ unit: characters, minLength: 1, maxLength: 12 }), (text) => {
      const { sentences, names } = shownOf(messageWith(text))
      for (const shown of sentences) expect(shown).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u2028\u2029\p{Cc}\u200B]/u)
      for (const shown of names) expect(shown).not.toMatch(/[\p{Bidi_Control}\u2028\u2029\p{Cc}\u200B]/u)
    }),
  )
})

test('a name cannot run backwards', () => {
  const { sentences, names } = shownOf(messageWith('photo\u202Egpj.exe'))
  expect(sentences[0]).toBe('photogpj.exe photogpj.exe')
  expect(names).toContain('annphotogpj.exe@example.net')
  expect(names).toContain('photogpj.exe')
})

test('bidirectional text, Persian, emoji and flags stay as they are', () => {
  for (const text of [
    'שלום C++\u200E!',
    'می\u200Cخواهم',
    '👩\u200D💻 क्\u200Dष',
    '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    '\u0600١٢',
  ])
    expect(shownText(text)).toBe(text)
  expect(shownName('דו\u200Fח.pdf')).toBe('דוח.pdf')
})

test('invisible text is empty', () => {
  for (const text of ['\u200B', '\u202E \u2066', '\u200F', '\u3164\u2800', '\uFEFF\u00AD'])
    expect(shownText(text)).toBe('')
})

test('words contain no invisible characters', () => {
  expect(shownText('Pay\u200BPal\u00AD In\u2060voice \u200C\u00A0\u200C\u00A0')).toBe('PayPal Invoice')
})
