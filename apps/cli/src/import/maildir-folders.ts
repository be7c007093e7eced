import type { Dirent } from 'node:fs'
import { type FileHandle, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError, EXIT } from '../exit.ts'
import type { MaildirFolder } from './maildir-file.ts'
import { isWithin, leadsOut, openWithin, pathError } from './path.ts'
import type { LeftOut } from './source.ts'
import { decodeModifiedUtf7 } from './utf7.ts'

/** Deepest folder searched; anything deeper is a loop. */
const MAX_DEPTH = 20
/** Bytes read of a keyword file; Dovecot writes at most 26 short names that have letters. */
const MAX_KEYWORDS = 1_048_576
const OWN_PARTS = new Set(['cur', 'new', 'tmp'])

/** The folder name levels that a directory adds. */
function levelsOf(directory: string, depth: number): string[] {
  // KMail keeps the folders of `Work` in `.Work.directory`, Thunderbird in `Work.sbd`.
  const beside = /^\.(.+)\.directory$/.exec(directory) ?? /^(.+)\.sbd$/.exec(directory)
  if (beside?.[1] !== undefined) return [beside[1]]
  if (!directory.startsWith('.')) return [directory]
  // Maildir++: `.Work.2026` at the top; below it, only nesting layouts write a dot, in front of a single level.
  const name = directory.slice(1)
  return depth === 0 ? name.split('.').filter((level) => level !== '') : [name]
}

/** Joins levels into a folder name. Courier, and Dovecot with a prefix, put all folders below INBOX. */
function nameOf(levels: readonly string[]): string | null {
  const [first, ...rest] = levels
  const own = first !== undefined && /^inbox$/i.test(first) ? rest : levels
  return own.length === 0 ? null : own.map((level) => decodeModifiedUtf7(level)).join('/')
}

/** Reads Dovecot's keyword file: a number and a name per line; number 0 is the letter `a`. `isCut` if it is too long. */
async function keywordsOf(root: string, path: string): Promise<{ keywords: Map<string, string>; isCut: boolean }> {
  const text = await openWithin(root, path, 'dovecot-keywords').then(textOf, () => '')
  const keywords = new Map(
    Array.from(text.matchAll(/^(\d{1,2}) (\S+)$/gm), ([, number, name = '']) => [
      String.fromCharCode('a'.charCodeAt(0) + Number(number)),
      name,
    ]),
  )
  return { keywords, isCut: Buffer.byteLength(text) > MAX_KEYWORDS }
}

/** Reads a little more than `MAX_KEYWORDS` of an open file, and closes it; '' if it is not a regular file. */
async function textOf(file: FileHandle | null): Promise<string> {
  if (file === null) return ''
  try {
    if (!(await file.stat()).isFile()) return ''
    const bytes = Buffer.alloc(MAX_KEYWORDS + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = (await file.read(bytes, length, bytes.length - length, length)).bytesRead
    return bytes.toString('utf8', 0, length)
  } finally {
    await file.close()
  }
}

/** Whether an entry is a directory, following links; false when it is gone or dangling. */
async function isDirectory(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  return stat(join(path, entry.name)).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/** The directories in a directory; links come last, so that a folder gets its real name. */
async function directoriesIn(path: string): Promise<string[]> {
  const own: string[] = []
  const linked: string[] = []
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (await isDirectory(path, entry)) (entry.isSymbolicLink() ? linked : own).push(entry.name)
  return [...own.sort(), ...linked.sort()]
}

const hasMail = (names: readonly string[]): boolean => names.includes('cur') || names.includes('new')

/** Refuses a folder that merely contains a maildir: everything below it would become mail folders. */
async function requireMaildir(root: string): Promise<void> {
  const names = await directoriesIn(root)
  if (hasMail(names) || names.some((name) => /^\.?inbox$/i.test(name))) return
  for (const name of names) {
    const path = join(root, name)
    if (!hasMail(await directoriesIn(path).catch(() => []))) continue
    throw new CliError(`${root} is not a maildir: it has neither cur nor new; ${path} has`, EXIT.usage)
  }
  throw new CliError(`${root} is not a maildir: it has neither cur nor new`, EXIT.usage)
}

async function* walk(
  path: string,
  levels: readonly string[],
  { root, visited }: { root: string; visited: Set<string> },
  depth = 0,
): AsyncGenerator<MaildirFolder | LeftOut> {
  const real = await realpath(path)
  if (!isWithin(root, real)) {
    yield { leftOut: 'unreadable', detail: leadsOut(path) }
    return
  }
  if (visited.has(real) || depth > MAX_DEPTH) return
  visited.add(real)
  const names = await directoriesIn(path)
  if (hasMail(names)) {
    const { keywords, isCut } = await keywordsOf(root, real)
    if (isCut)
      yield { leftOut: 'unreadable', detail: `${join(path, 'dovecot-keywords')} is over 1 MiB; only its start is read` }
    yield { path, root, name: nameOf(levels), keywords }
  }
  for (const name of names.filter((each) => !OWN_PARTS.has(each)))
    yield* walk(join(path, name), [...levels, ...levelsOf(name, depth)], { root, visited }, depth + 1)
}

/**
 * Finds the folders of a maildir: Maildir++ as Dovecot and Courier write it (`.Work.2026`), and directories inside directories
 * (Dovecot's LAYOUT=fs, isync, KMail, Thunderbird). The top comes first, the others in order of their directories. Skips
 * links to directories outside.
 * @throws CliError when it is not a maildir, or a directory cannot be read
 */
export async function* findFolders(root: string): AsyncGenerator<MaildirFolder | LeftOut> {
  try {
    await requireMaildir(root)
    yield* walk(root, [], { root: await realpath(root), visited: new Set() })
  } catch (error) {
    throw error instanceof CliError ? error : pathError(root, error)
  }
}
