const part = (depth: number): string =>
  depth === 0
    ? 'text'
    : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${part(depth - 1)}\r\n--b${depth}--\r\n`
const messages: [string, string][] = [
  ['1,000 levels', part(1000)],
  ['50,000 parts', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(50_000)}`],
  ['50,000 header fields', `${'X-A: b\r\n'.repeat(50_000)}\r\nx`],
  ['a header of a megabyte', `X-A: ${`${'b'.repeat(900)}\r\n `.repeat(1100)}\r\n\r\nx`],
  ['a megabyte of opening brackets', `Content-Type: text/html\r\n\r\n${`${'<'.repeat(900)}\r\n`.repeat(1200)}`],
  ['a megabyte of encoded words', `Subject: ${'=?utf-8?q?a?=\r\n '.repeat(15_000)}\r\n\r\nx`],
  ['prototype names', '__proto__: x\r\nconstructor: y\r\nContent-Type: text/plain; __proto__=z\r\n\r\nx'],
  ['nothing but line ends', '\r\n'.repeat(100_000)],
  [
    'random bytes',
    Array.from({ length: 4000 }, (_, index) => String.fromCharCode(128 + ((index * 7919) % 1000))).join(''),
  ],
]

/** Messages made to be hard to read. A reader that takes its time with one must not take it from others. */
export const HOSTILE = messages.map(([name, text]) => ({ name, message: Buffer.from(text) }))
