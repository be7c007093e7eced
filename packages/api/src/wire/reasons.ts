import { z } from 'zod'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}
const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'a time such as 2026-01-31T12:00:00Z',
  date: 'a date such as 2026-01-31',
  email: 'an email address',
  url: 'a URL',
}
const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
}

function boundOf(
  { origin, exact }: { origin: string; exact?: boolean | undefined },
  words: string,
  bound: number | bigint,
): string {
  const unit = UNITS[origin]
  const amount = `${exact === true ? 'exactly' : words} ${bound}`
  return unit === undefined ? `must be ${amount}` : `must have ${amount} ${Number(bound) === 1 ? unit[0] : unit[1]}`
}

function oneOf(values: readonly unknown[]): string {
  const names = values.map(String)
  return names.length > 2 ? `must be one of ${names.join(', ')}` : `must be ${names.join(' or ')}`
}

/** The problem with the choice that was probably meant: the first that is wrong only inside, or else whose type is right. */
function ofUnion(choices: readonly (readonly z.core.$ZodIssue[])[]): string {
  const meant =
    choices.find((issues) => issues.every(({ path }) => path.length > 0)) ??
    choices.find((issues) => issues.every(({ code }) => code !== 'invalid_type')) ??
    choices[0]
  const [issue] = meant ?? []
  return issue === undefined ? 'is not valid' : [...issue.path.map(String), issue.message].join(' ')
}

/** Says what a value must be, in words that follow the name of its field: `must have at most 500 characters`. */
function reasonOf(issue: Issue): string {
  if (issue.input === undefined) return 'is required'
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return oneOf(issue.values)
    case 'too_big':
      return boundOf(issue, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty'
      return boundOf(issue, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? 'in the expected format'}`
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_union':
      return ofUnion(issue.errors)
    default:
      return 'is not valid'
  }
}

// Set globally, since tRPC parses inputs itself. A schema's own messages take precedence.
z.config({ localeError: reasonOf })
