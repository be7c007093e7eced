import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import { CliError, EXIT } from '../exit.ts'

/** What is at a path. */
export type PathKind = 'file' | 'folder' | 'other'

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** Explains in plain words why a path cannot be read. */
export function pathError(given: string, error: unknown): CliError {
  const code = codeOf(error)
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : given
  if (code === 'ENOENT' || code === 'ENOTDIR') return new CliError(`there is no file or folder ${path}`, EXIT.notFound)
  if (code === 'EACCES' || code === 'EPERM') return new CliError(`${path} cannot be read: permission denied`)
  return new CliError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
}

/** Why a link is not followed: the maildir's owner may lack permission to read its target. */
export const leadsOut = (path: string): string => `${path} is a link that leads out of the maildir`

/** Whether a resolved path is within a resolved directory. */
export const isWithin = (root: string, real: string): boolean =>
  real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)

/** Does not follow a link created meanwhile, and does not block on a pipe. */
const AS_IT_IS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Opens an entry of a resolved directory; follows links only within `root`. The maildir's owner may replace a directory by a link
 * while root imports, so what counts is where the opened file is.
 *
 * @param name as bytes if it is not UTF-8
 * @returns null for what is outside `root`
 */
export async function openWithin(root: string, directory: string, name: string | Buffer): Promise<FileHandle | null> {
  const path = Buffer.concat([Buffer.from(directory + sep), Buffer.from(name)])
  const file = await openEntry(root, path)
  if (file === null || isWithin(root, await placeOf(file, path))) return file
  await file.close()
  return null
}

async function openEntry(root: string, path: Buffer): Promise<FileHandle | null> {
  try {
    return await open(path, AS_IT_IS)
  } catch (error) {
    if (codeOf(error) !== 'ELOOP') throw error
    const real = await realpath(path, 'buffer')
    return isWithin(root, real.toString()) ? open(real, AS_IT_IS) : null
  }
}

/** Where an open file is. Only Linux knows; elsewhere it is what the path leads to now. */
const placeOf = (file: FileHandle, path: Buffer): Promise<string> =>
  readlink(`/proc/self/fd/${file.fd}`).catch(() => realpath(path))

/**
 * What is at a path, following links.
 * @throws CliError when there is nothing, or access is denied
 */
export async function kindOfPath(path: string): Promise<PathKind> {
  try {
    const found = await stat(path)
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other'
  } catch (error) {
    throw pathError(path, error)
  }
}

/**
 * The first bytes of a file, 1 kB at most.
 * @throws CliError when it cannot be read
 */
export async function startOfFile(path: string): Promise<Buffer> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw pathError(path, error)
  }
}
