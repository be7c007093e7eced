import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes `mairust.pid` into the data folder; `mairust reload` finds us by it. */
export async function writePidFile(dataDir: string): Promise<{ remove(): Promise<void> }> {
  const path = join(dataDir, 'mairust.pid')
  const text = `${process.pid}\n`
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
  return {
    // A successor may already have written its own.
    remove: async () => {
      if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true })
    },
  }
}
