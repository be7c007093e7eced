import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Puts a directory's entries on stable storage. Systems that cannot open a directory (Windows) do so by themselves. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Creates directories and puts their entries on stable storage, for one store. */
export class Directories {
  /** Directories known to be on stable storage, with all their parents. */
  readonly #made = new Map<string, Promise<void>>()
  /** Syncs that have not started, by directory. */
  readonly #waiting = new Map<string, Promise<void>>()
  /** Running syncs, by directory. */
  readonly #running = new Map<string, Promise<void>>()
  readonly #sync: (path: string) => Promise<void>

  constructor(sync: (path: string) => Promise<void> = syncDirectory) {
    this.#sync = sync
  }

  /** Creates a directory and its parents below `base`; resolves when they would survive a power loss. */
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

  /** Makes the next `ensure` check again: directories may have been removed. */
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
   * Puts everything renamed into a directory before this call on stable storage. Calls during a running sync share the next one,
   * which starts after all of them.
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
