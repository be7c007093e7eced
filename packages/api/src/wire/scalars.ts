import { ID_PREFIXES, type IdPrefix } from '@mairust/mail-core/id'
import { withoutScopes } from '@mairust/mail-core/shown-text'
import { z } from 'zod'

/** Sets what the OpenAPI document shows for a schema, however it is composed. */
const shownAs = (shown: Record<string, unknown>) => ({
  override: ({ jsonSchema }: { jsonSchema: object }): void => {
    const held = jsonSchema as Record<string, unknown>
    for (const key of ['anyOf', 'type', 'enum', 'pattern', 'minimum', 'maximum']) Reflect.deleteProperty(held, key)
    Object.assign(held, shown)
  },
})

const openInt = (minimum: number, maximum: number) => shownAs({ type: 'integer', minimum, maximum })

/** A boolean in a JSON body: only true and false, not `"false"`, null or 0. */
export const wireBool = () => z.literal([true, false]).meta(shownAs({ type: 'boolean' }))

/** A whole number in a JSON body, from `min` to `max`. */
export const wireInt = (min: number, max: number) => z.pipe(z.int().min(min).max(max), z.int()).meta(openInt(min, max))

/** A boolean in a query string, `true` or `false`; tRPC callers may also pass a real boolean. */
export const queryBool = () =>
  z
    .union([
      z.pipe(z.literal([true, false]), z.literal([true, false])),
      z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' }),
    ])
    .meta(shownAs({ type: 'boolean' }))

/** A whole number in a query string, from `min` to `max`; tRPC callers may also pass a real number. */
export const queryInt = (min: number, max: number) =>
  z
    .union([
      z.pipe(z.int().min(min).max(max), z.int()),
      z.pipe(
        z
          .string()
          .regex(/^-?\d{1,15}$/, { error: 'must be a whole number' })
          .transform(Number),
        z.int().min(min).max(max),
      ),
    ])
    .meta(openInt(min, max))

const PATTERNS = Object.fromEntries(
  ID_PREFIXES.map((prefix) => [prefix, new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`)]),
) as Record<IdPrefix, RegExp>

/** An id as an example. */
export const exampleId = (prefix: IdPrefix): string => `${prefix}_01jd4q8r6vf2s8x0k3m5n7p9tz`

/** One of our ids: `dom_` and 26 lower-case characters of Crockford base32. */
export const id = (prefix: IdPrefix) =>
  z
    .string()
    .regex(PATTERNS[prefix], { error: `must be an id that starts with ${prefix}_` })
    .meta({ examples: [exampleId(prefix)] })

/** The times that both databases and RFC 3339 can represent: the years 1 to 9999 in UTC, in milliseconds since 1970. */
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')

/** An invalid time passes, because the schema has already reported it. */
const inYears = (time: string): boolean => {
  const at = Date.parse(time)
  return Number.isNaN(at) || (at >= EARLIEST && at <= LATEST)
}
const OUT_OF_YEARS = { error: 'must be between the years 0001 and 9999 (UTC)' }
const DATE_TIME = shownAs({ type: 'string', format: 'date-time' })

/** A time in RFC 3339; stays text that `new Date()` parses. */
export const timestamp = () => z.iso.datetime({ offset: true }).refine(inYears, OUT_OF_YEARS).meta(DATE_TIME)

/** A time, or a date, which stands for its start in UTC. */
export const dayOrTime = () =>
  z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], {
      error: 'must be a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z',
    })
    .refine(inYears, OUT_OF_YEARS)
    .meta({ override: { type: 'string', format: 'date-time' } })

/** A time in a cursor: milliseconds since 1970. */
export const cursorTime = () => z.int().min(EARLIEST).max(LATEST)

/** A time on the wire: RFC 3339 in UTC. */
export const wireTime = (at: Date): string => at.toISOString()

/** A time on the wire, or null. */
export const wireTimeOrNull = (at: Date | null): string | null => at?.toISOString() ?? null

/** PostgreSQL cannot store NUL, and neither database can store a lone surrogate. */
const isStorable = (value: string): boolean => value.isWellFormed() && !value.includes('\0')
const NOT_STORABLE = { error: 'must be well-formed text without NUL' }

/** Any text, from `min` to `max` UTF-16 code units, that both databases can store and compare. */
export const text = (max: number, min = 0) => z.string().min(min).max(max).refine(isStorable, NOT_STORABLE)

/** Short text on one line: trimmed, without control characters and directional formatting. */
export const label = (max: number, min = 0) =>
  z
    .string()
    .overwrite(withoutScopes)
    .trim()
    .min(min)
    .max(max)
    .regex(/^\P{Cc}*$/u, { error: 'must not contain control characters' })
    .refine(isStorable, NOT_STORABLE)
