/** C0 controls, which begin escape sequences and lines. */
const C0 = String.raw`\u0000-\u001f`
/** Delete and C1 controls, line separators, and what turns the direction of text. JSON leaves them as they are. */
const UNSAFE = String.raw`\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069`

const IN_JSON = new RegExp(`[${UNSAFE}]`, 'g')
const IN_TEXT = new RegExp(`[${C0}${UNSAFE}]`, 'g')

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A line of JSON without anything that acts on a terminal or turns text around; what it means stays. */
export const escapeJson = (line: string): string => line.replace(IN_JSON, escaped)

/** A text, perhaps from a stranger, as it may be shown: everything that acts on a terminal is written out. */
export const escapeText = (text: string): string => text.replace(IN_TEXT, escaped)

/** As `escapeText`, for a text of several lines. */
export const escapeLines = (text: string): string => text.split('\n').map(escapeText).join('\n')
