/** C0 controls, which include newlines and start escape sequences. */
const C0 = String.raw`\u0000-\u001f`
/** Delete, C1 controls, line separators and bidi controls, which JSON does not escape. */
const UNSAFE = String.raw`\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069`

const IN_JSON = new RegExp(`[${UNSAFE}]`, 'g')
const IN_TEXT = new RegExp(`[${C0}${UNSAFE}]`, 'g')

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Escapes terminal and bidi controls in a line of JSON, without changing its meaning. */
export const escapeJson = (line: string): string => line.replace(IN_JSON, escaped)

/** Makes untrusted text safe to show on a terminal: escapes control and bidi characters. */
export const escapeText = (text: string): string => text.replace(IN_TEXT, escaped)

/** Like `escapeText`, but keeps line breaks. */
export const escapeLines = (text: string): string => text.split('\n').map(escapeText).join('\n')
