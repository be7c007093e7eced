import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A body on its way, in a file without a name. */
export interface BodyFile {
  /** @throws the error of a full disk */
  add: (bytes: Uint8Array) => Promise<void>
  /** All of it. */
  read: () => Promise<Buffer>
  close: () => Promise<void>
}

const PREFIX = 'mairust-body-'

/** Removes what a crash has left between the making of a file and the removal of its name. */
export const clearBodyFiles = async (folder: string): Promise<void> => {
  const names = await readdir(folder).catch(() => [])
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX)).map((name) => rm(join(folder, name), { force: true })),
  )
}

/** Makes a file that nobody else can open, and that is gone with the process. @throws the error of a full disk */
export const makeBodyFile = async (folder: string): Promise<BodyFile> => {
  const path = join(folder, `${PREFIX}${randomUUID()}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = await open(path, 'wx+', 0o600)
  await rm(path, { force: true }).catch(async (error: unknown) => {
    await file.close()
    throw error
  })
  let size = 0
  return {
    add: async (bytes) => {
      for (let done = 0; done < bytes.length;) {
        done += (await file.write(bytes, done, bytes.length - done, size + done)).bytesWritten
      }
      size += bytes.length
    },
    read: async () => {
      const all = Buffer.allocUnsafe(size)
      for (let done = 0; done < size;) {
        const { bytesRead } = await file.read(all, done, size - done, done)
        if (bytesRead === 0) throw new Error('The file of a body ended too early')
        done += bytesRead
      }
      return all
    },
    close: () => file.close(),
  }
}
