// Tells cheaply whether build inputs have changed.

import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const SKIPPED = new Set(['node_modules', 'dist', '.next', '.turbo', 'coverage'])
const IRRELEVANT = /\.test\.tsx?$|\.suite\.ts$|\.tsbuildinfo$|^next-env\.d\.ts$/

/** Every file below the given files and folders, in a fixed order. */
function filesBelow(root, paths) {
  const found = []
  const visit = (path) => {
    const info = statSync(join(root, path), { throwIfNoEntry: false })
    if (info === undefined) return
    if (!info.isDirectory()) {
      found.push({ path, size: info.size, mtime: info.mtimeMs })
      return
    }
    const entries = readdirSync(join(root, path), { withFileTypes: true })
    for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!SKIPPED.has(name) && !IRRELEVANT.test(name)) visit(`${path}/${name}`)
    }
  }
  for (const path of paths) visit(path)
  return found
}

const digest = (lines) => createHash('sha256').update(lines.join('\n')).digest('base64url')

const quickKey = (files) => digest(files.map(({ path, size, mtime }) => `${path} ${size} ${mtime}`))

const contentKey = (root, files) =>
  digest(
    files.map(
      ({ path }) =>
        `${path} ${createHash('sha256')
          .update(readFileSync(join(root, path)))
          .digest('base64url')}`,
    ),
  )

function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}

/**
 * A record of build inputs. `isFresh()` compares times and sizes first and reads the files only when those differ, so
 * that a checkout that touches files does not trigger a build. `write()` records the inputs as of the last `isFresh()`,
 * so that changes made during the build are detected next time.
 * @param {string} root
 * @param {string} file where the record is kept
 * @param {string[]} inputs files and folders, relative to `root`
 */
export function stamp(root, file, inputs) {
  let seen
  const write = () => {
    seen ??= keys()
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(seen))
  }
  const keys = () => {
    const files = filesBelow(root, inputs)
    return { quick: quickKey(files), content: contentKey(root, files) }
  }
  return {
    isFresh() {
      const before = readStamp(file)
      const files = filesBelow(root, inputs)
      const quick = quickKey(files)
      if (before.quick === quick) return true
      seen = { quick, content: contentKey(root, files) }
      if (before.content !== seen.content) return false
      write()
      return true
    },
    write,
  }
}
