import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Puts a directory's entries on stable storage. Systems that cannot open a directory (Windows) do it by themselves. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes directories and puts their entries on stable storage, for one store. */
export class Directories {
  /** Made, with all above them on stable storage. */
  readonly #made = new Map<string, Promise<void>>()
  /** A sync of this directory that has not begun. */
  readonly #waiting = new Map<string, Promise<void>>()
  /** Settles when the sync of this directory that runs is over. */
  readonly #running = new Map<string, Promise<void>>()
  readonly #sync: (path: string) => Promise<void>

  constructor(sync: (path: string) => Promise<void> = syncDirectory) {
    this.#sync = sync
  }

  /** Makes a directory under `base` and those between; resolves when they would survive a loss of power. */
  ensure(base: string, path: string): Promise<void> {
    const known = this.#made.get(path)
    if (known !== undefined) return known
    const made = this.#make(base, path).catch((error: unknown) => {
      this.#made.delete(path)
      throw error
    })
    this.#made.set(path, made)
    return made
  }

  /** Says that directories may have been removed, so that each is looked at again. */
  forget(): void {
    this.#made.clear()
  }

  async #make(base: string, path: string): Promise<void> {
    if (path === base) return
    const parent = dirname(path)
    await this.ensure(base, parent)
    await mkdir(path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    })
    await this.sync(parent)
  }

  /**
   * Puts what was renamed into a directory before this call on stable storage. Calls that come while one runs share the next:
   * one that begins after them serves them all.
   */
  sync(path: string): Promise<void> {
    const waiting = this.#waiting.get(path)
    if (waiting !== undefined) return waiting
    const next = (this.#running.get(path) ?? Promise.resolve()).then(() => {
      this.#waiting.delete(path)
      const run = this.#sync(path)
      const over = run
        .catch(() => undefined)
        .then(() => {
          if (this.#running.get(path) === over) this.#running.delete(path)
        })
      this.#running.set(path, over)
      return run
    })
    this.#waiting.set(path, next)
    return next
  }
}
