import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { content, type Letter } from './letters.ts'

/** A folder's name as IMAP servers write it (RFC 3501 §5.1.3). */
export const modifiedUtf7 = (name: string): string =>
  name.replace(/&|[^\x20-\x7e]+/g, (text) => {
    if (text === '&') return '&-'
    return `&${Buffer.from(text, 'utf16le').swap16().toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`
  })

const KEYWORDS = ['Important', 'Later', 'holiday']

/** Where each kind of server keeps a folder. */
const LAYOUTS = {
  'Maildir++': (levels: readonly string[]) => (levels.length === 0 ? '' : `.${levels.join('.')}`),
  courier: (levels: readonly string[]) => (levels.length === 0 ? '' : `.INBOX.${levels.join('.')}`),
  'LAYOUT=fs': (levels: readonly string[]) => levels.join('/'),
} as const
export type Layout = keyof typeof LAYOUTS
export const MAILDIRS = Object.keys(LAYOUTS) as Layout[]

function flagsOf({ seen, starred, answered, draft, deleted, tags }: Letter): string {
  const flags = [draft && 'D', starred && 'F', answered && 'R', seen && 'S', deleted && 'T']
  const keywords = tags.map((tag) => String.fromCharCode(97 + KEYWORDS.indexOf(tag))).sort()
  return [...flags.filter((flag) => flag !== false), ...keywords].join('')
}

/** Writes letters as a server with this layout does; every other one gzipped, as by Dovecot's zlib plugin. */
export function writeMaildir(root: string, layout: Layout, letters: readonly Letter[]): void {
  mkdirSync(join(root, 'cur'), { recursive: true })
  letters.forEach((letter, at) => {
    const folder = join(root, LAYOUTS[layout](letter.folder.map(modifiedUtf7)))
    mkdirSync(join(folder, 'cur'), { recursive: true })
    writeFileSync(join(folder, 'dovecot-keywords'), KEYWORDS.map((name, n) => `${n} ${name}\n`).join(''))
    writeFileSync(join(folder, 'dovecot-uidlist'), '3 V1 N1 G1\n')
    writeFileSync(join(folder, 'cur', 'dovecot.index.cache'), Buffer.from([1, 0, 0, 0, 2]))
    const seconds = letter.receivedAt.getTime() / 1000
    const file = join(folder, 'cur', `${seconds}.M${at}P1.host,S=1:2,${flagsOf(letter)}`)
    const bytes = Buffer.from(content(letter))
    writeFileSync(file, at % 2 === 0 ? bytes : gzipSync(bytes))
    utimesSync(file, seconds, seconds)
  })
}
