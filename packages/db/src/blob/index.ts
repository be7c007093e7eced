import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from '@mairust/config'
import type { Db } from '../client/db.ts'
import { sumUsedBytes } from '../queries/storage.ts'
import { type BlobStore, BlobStoreError } from './blob.ts'
import { fsBlobStore } from './fs.ts'

export {
  type BlobInfo,
  blobKey,
  BlobNotFoundError,
  type BlobObject,
  type BlobRange,
  type BlobSource,
  type BlobStore,
  BlobStoreError,
  BlobStoreFullError,
  isBlobKey,
} from './blob.ts'
export { fsBlobStore } from './fs.ts'
export { memoryBlobStore } from './memory.ts'
export { removeBlobs } from './remove.ts'

/**
 * Opens the blob store of an installation. One that holds nothing at all, not even the folder that opening creates, beside a
 * database with messages is another one: its volume may not be mounted, and mail would be split between two.
 * @throws BlobStoreError, ConfigError
 */
export async function openInstalledStore(storage: Config['storage'], db: Db): Promise<BlobStore> {
  if (storage.backend === 'fs') {
    const { base_path: path } = storage.options
    // A missing folder is empty; any other trouble shows when it is opened.
    const isEmpty = await readdir(path).then(
      (names) => names.length === 0,
      () => true,
    )
    if (isEmpty && (await sumUsedBytes(db)) > 0)
      throw new BlobStoreError(
        `${path} is empty, but the database has messages; mount its volume, restore it from the backup, or correct storage.options.base_path. If the mail is lost for good, create the folder ${join(path, 'tmp')} to start without it`,
      )
  }
  return openBlobStore(storage)
}

/** Opens the blob store that `storage` configures. Throws BlobStoreError or ConfigError. */
export async function openBlobStore(storage: Config['storage']): Promise<BlobStore> {
  switch (storage.backend) {
    case 'fs':
      return fsBlobStore(storage.options.base_path)
    case 's3':
      throw new ConfigError([{ source: '', path: 'storage.backend', message: 's3 is not available yet; use fs' }])
  }
}
