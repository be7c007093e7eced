import { type Config, ConfigError } from '@mairust/config'
import type { BlobStore } from './blob.ts'
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

/** Opens the blob store that `storage` configures. Throws BlobStoreError or ConfigError. */
export async function openBlobStore(storage: Config['storage']): Promise<BlobStore> {
  switch (storage.backend) {
    case 'fs':
      return fsBlobStore(storage.options.base_path)
    case 's3':
      throw new ConfigError([{ source: '', path: 'storage.backend', message: 's3 is not available yet; use fs' }])
  }
}
