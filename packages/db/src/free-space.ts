import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '@mairust/config'

type Places = Pick<Config, 'database' | 'storage' | 'server'>

/**
 * Kept free on the volumes of mail and database, so that reading, deleting and the database keep working: below it, mail is
 * answered 452.
 */
export const SPACE_RESERVE = 64 * 1024 * 1024

/** The folder of unfinished messages: next to the blobs, so that a full volume shows while a message arrives. */
export function spoolFolderOf({ storage, server }: Places): string {
  return join(storage.backend === 'fs' ? storage.options.base_path : server.data_dir, 'tmp')
}

/** Free bytes on the volumes that a message needs, the smaller figure. Throws when the system cannot tell. */
export async function readFreeBytes(places: Places): Promise<number> {
  const { database } = places
  const folders = [spoolFolderOf(places), ...(database.backend === 'sqlite' ? [dirname(database.path)] : [])]
  const volumes = await Promise.all(folders.map((folder) => statfs(folder)))
  return Math.min(...volumes.map(({ bavail, bsize }) => bavail * bsize))
}
