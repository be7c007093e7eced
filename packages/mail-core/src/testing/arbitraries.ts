import fc from 'fast-check'
import type { Address } from '../address/index.ts'

const ATOM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~"
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

const label = fc.string({ unit: fc.constantFrom(...Array.from(LETTERS)), minLength: 1, maxLength: 12 })
const topLevel = fc.constantFrom('example', 'test', 'com', 'jp', 'co', 'xn--r8jz45g')

/** A domain in lower-case A-labels. */
export const arbitraryDomain = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), topLevel)
  .map(([labels, last]) => [...labels, last].join('.'))

const atom = fc.string({ unit: fc.constantFrom(...Array.from(ATOM)), minLength: 1, maxLength: 12 })
const unicodeAtom = fc.constantFrom('山田', 'müller', 'почта', 'ユーザー', '😀')
const quoted = fc.string({
  unit: fc.constantFrom('a', ' ', '"', '\\', '@', '.', '(', ',', ':', '<', '>', '['),
  minLength: 1,
  maxLength: 8,
})

/** A local part before quoting. */
export const arbitraryLocalPart = fc.oneof(
  { weight: 6, arbitrary: fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => atoms.join('.')) },
  { weight: 1, arbitrary: unicodeAtom },
  { weight: 1, arbitrary: quoted },
)

/** A valid address, as the parser returns it. */
export const arbitraryAddress: fc.Arbitrary<Address> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ localPart: arbitraryLocalPart, domain: arbitraryDomain, literal: fc.constant(false) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      localPart: arbitraryLocalPart,
      domain: fc.constantFrom('[192.0.2.1]', '[IPv6:2001:db8::1]'),
      literal: fc.constant(true),
    }),
  },
)

/** Text that tries to break out of a line, a log or an address. */
export const arbitraryHostileText = fc.string({
  unit: fc.constantFrom(
    'a',
    ' ',
    '\r',
    '\n',
    '\0',
    '\x1b',
    '\x7f',
    '\x85',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ud800',
    '\udc00',
    '<',
    '>',
    '@',
    ':',
    '"',
    '\\',
    '.',
    'é',
    '漢',
    '😀',
    '{',
    '}',
  ),
  maxLength: 60,
})

/** Message-like bytes with every kind of wrong line end. */
export const arbitraryDataBytes = fc
  .array(
    fc.constantFrom(
      '\r\n',
      '\r\n',
      '\r\n',
      '\r',
      '\n',
      '\0',
      '.',
      'a',
      'bcd',
      ': ',
      ' ',
      '\t',
      'Received: by x',
      'From: y',
      '\xe9',
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'))

/** The same with correct line ends only. */
export const arbitraryCleanBytes = fc
  .array(fc.constantFrom('\r\n', '\r\n', '.', 'a', 'bcd', ': ', ' ', '\t', 'Received: by x', 'From: y'), {
    maxLength: 40,
  })
  .map((parts) => Buffer.from(parts.join(''), 'latin1'))

/** Splits bytes at arbitrary places into chunks, some perhaps empty. */
export function arbitraryChunks(bytes: Buffer): fc.Arbitrary<Buffer[]> {
  return fc.array(fc.nat({ max: bytes.length }), { maxLength: 8 }).map((cuts) => {
    const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length]
    return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
  })
}
