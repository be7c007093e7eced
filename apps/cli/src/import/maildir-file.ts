import { join } from 'node:path'
import { headerTime } from './dates.ts'
import { readHead } from './head.ts'
import { leadsOut, openWithin, pathError } from './path.ts'
import { MAX_MESSAGE, type SourceEntry, TOO_LONG, withCrlf } from './source.ts'
import { tagsOfKeywords } from './tags.ts'
import { unpackMail } from './unpack.ts'

/** Files that mail servers and clients keep beside the messages. */
const BESIDE = /^(?:\..*|dovecot[.-].*|courier.*|maildir(?:folder|size)|subscriptions|sieve.*|.*\.(?:msf|lock|cache))$/i

const DAY_MS = 86_400_000
/** Earlier times come from file systems without timestamps. */
const EARLIEST = Date.UTC(1980, 0, 1)

/** A folder of a maildir. */
export interface MaildirFolder {
  path: string
  /** The resolved path of the maildir: nothing outside is read. */
  root: string
  /** The decoded name, levels separated by `/`; null: the inbox. */
  name: string | null
  /** Dovecot's keywords by letter. */
  keywords: ReadonlyMap<string, string>
}

/** Whether a file name in `cur` or `new` is that of a message. */
export const isMessageName = (name: string): boolean => !BESIDE.test(name)

/** The letters after `:2,` in a maildir file name; some file systems allow no colon and use another separator. */
const flagsOf = (name: string): string => /[:;!-]2,([A-Z]*)$/i.exec(name)?.[1] ?? ''

/**
 * When a message arrived: the delivery time at the start of its name, or the file's mtime, which Dovecot sets when it copies mail.
 * A copy makes either of them later, so the earlier one counts; without a time in the name, the header's may be better.
 */
function arrival(name: string, changed: Date, fromHeader: Date | null): Date {
  const seconds = /^(\d{9,11})[._]/.exec(name)?.[1]
  const times = [changed.getTime(), seconds === undefined ? Infinity : Number(seconds) * 1000].filter(
    (at) => at > EARLIEST,
  )
  const stored = Math.min(...times)
  if (!Number.isFinite(stored)) return fromHeader ?? changed
  const header = fromHeader?.getTime() ?? 0
  return new Date(header > EARLIEST && header < stored - DAY_MS && seconds === undefined ? header : stored)
}

/** A part of a folder, `cur` or `new`. */
export interface FolderPart {
  folder: MaildirFolder
  part: string
  /** The resolved path. */
  real: string
}

/** The content and mtime of a file; null if it is not a regular file. */
async function contentOf(
  { folder, real }: FolderPart,
  name: Buffer,
): Promise<Content | 'leads out' | 'too long' | null> {
  const file = await openWithin(folder.root, real, name)
  if (file === null) return 'leads out'
  try {
    const info = await file.stat()
    if (!info.isFile()) return null
    return info.size > MAX_MESSAGE ? 'too long' : { bytes: await file.readFile(), changed: info.mtime }
  } finally {
    await file.close()
  }
}

interface Content {
  bytes: Buffer
  changed: Date
}

/**
 * Reads one file of `cur` or `new`.
 *
 * @param nameBytes its name, which need not be UTF-8
 */
export async function readMaildirFile(place: FolderPart, nameBytes: Buffer): Promise<SourceEntry | null> {
  const { folder, part } = place
  const name = nameBytes.toString()
  const file = join(folder.path, part, name)
  const flags = part === 'new' ? '' : flagsOf(name)
  if (flags.includes('T')) return { leftOut: 'deleted', detail: file }
  let content: Awaited<ReturnType<typeof contentOf>>
  try {
    content = await contentOf(place, nameBytes)
  } catch (error) {
    return { leftOut: 'unreadable', detail: pathError(file, error).message }
  }
  if (content === null) return null
  if (content === 'leads out') return { leftOut: 'unreadable', detail: leadsOut(file) }
  if (content === 'too long') return { leftOut: 'unreadable', detail: `${file}: ${TOO_LONG}` }
  const { bytes, changed } = content
  if (bytes.length === 0) return { leftOut: 'empty', detail: `${file} is empty` }
  const unpacked = await unpackMail(bytes)
  if ('problem' in unpacked) return { leftOut: 'unreadable', detail: `${file}: ${unpacked.problem}` }
  const raw = withCrlf(unpacked.mail)
  return {
    raw,
    receivedAt: arrival(name, changed, headerTime(readHead(raw))),
    seen: flags.includes('S'),
    starred: flags.includes('F'),
    answered: flags.includes('R'),
    draft: flags.includes('D'),
    folder: folder.name,
    role: null,
    tags: tagsOfKeywords(Array.from(flags, (letter) => folder.keywords.get(letter) ?? '')),
    place: folder.name ?? '',
  }
}
