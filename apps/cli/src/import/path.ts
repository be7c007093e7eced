import { open, stat } from 'node:fs/promises'
import { CliError, EXIT } from '../exit.ts'

/** What a path that was given leads to. */
export type PathKind = 'file' | 'folder' | 'other'

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** Says in plain words why something on disk cannot be read. */
export function pathError(given: string, error: unknown): CliError {
  const code = codeOf(error)
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : given
  if (code === 'ENOENT' || code === 'ENOTDIR') return new CliError(`there is no file or folder ${path}`, EXIT.notFound)
  if (code === 'EACCES' || code === 'EPERM') return new CliError(`${path} may not be read: its permissions forbid it`)
  return new CliError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
}

/**
 * What lies at a path, links followed.
 * @throws CliError when there is nothing, or it may not be looked at
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
 * @throws CliError when it may not be read
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
