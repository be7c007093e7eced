// Prepares a start: runtime, dependencies, builds. Skips what is up to date.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { runQuietly } from './run.mjs'
import { ensureTools, findNode, toolEnvironment, toolsReady } from './runtime.mjs'
import { Failure, say } from './say.mjs'
import { stamp } from './stamp.mjs'

const SHARED = [
  'packages/config',
  'packages/worker-pool',
  'packages/log',
  'packages/mail-core',
  'packages/db',
  'packages/intake',
  'packages/api',
  'pnpm-lock.yaml',
  'tooling/typescript',
]

/** The builds: their inputs, and the file that shows they exist. */
const BUILDS = {
  cli: { inputs: [...SHARED, 'apps/mta', 'apps/cli'], result: 'apps/cli/dist/main.js', says: 'building the program' },
  web: {
    inputs: [...SHARED, 'packages/ui', 'apps/web'],
    result: 'apps/web/.next/BUILD_ID',
    says: 'building the web application',
  },
}

const manifests = (root) =>
  ['packages', 'apps', 'tooling'].flatMap((group) =>
    existsSync(join(root, group)) ? readdirSync(join(root, group)).map((name) => `${group}/${name}/package.json`) : [],
  )

function installStep(root) {
  const inputs = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    'e2e/package.json',
    'bench/package.json',
    ...manifests(root),
  ]
  const record = stamp(root, join(root, 'node_modules/.mairust-installed.json'), inputs)
  return {
    isFresh: () => existsSync(join(root, 'node_modules/.pnpm')) && record.isFresh(),
    async run() {
      say('installing the dependencies')
      // CI keeps pnpm from prompting.
      const env = { ...toolEnvironment(root), CI: 'true' }
      const status = await runQuietly('pnpm', ['install', '--frozen-lockfile'], { cwd: root, env })
      if (status !== 0) throw new Failure('the dependencies could not be installed; see above', status)
      record.write()
    },
  }
}

function buildStep(root, name) {
  const { inputs, result, says } = BUILDS[name]
  const record = stamp(root, join(root, `.tools/built-${name}.json`), inputs)
  return {
    isFresh: () => existsSync(join(root, result)) && record.isFresh(),
    async run() {
      say(says)
      const env = { ...toolEnvironment(root), NODE_ENV: 'production' }
      const status = await runQuietly('pnpm', ['--filter', `@mairust/${name}`, 'run', 'build'], { cwd: root, env })
      if (status !== 0) throw new Failure(`${says} failed; see above`, status)
      record.write()
    },
  }
}

/** Whether the folder is an image or a package, with build results but without sources. */
const isPackaged = (root) => !existsSync(join(root, 'apps/cli/src')) && existsSync(join(root, BUILDS.cli.result))

/** Whether all named builds exist, fresh or not. */
export const isBuilt = (root, builds) => builds.every((name) => existsSync(join(root, BUILDS[name].result)))

/**
 * Prepares the folder and resolves with the Node to run on.
 * @param {string} root
 * @param {{ builds?: ('cli' | 'web')[] }} [wanted]
 * @returns {Promise<string>}
 */
export async function prepare(root, { builds = [] } = {}) {
  if (!isPackaged(root)) {
    const steps = () =>
      [installStep(root), ...builds.map((name) => buildStep(root, name))].filter((step) => !step.isFresh())
    if (steps().length > 0 || !toolsReady(root, { pnpm: false })) {
      await withLock(join(root, '.tools/lock'), async () => {
        // Check again: the previous holder of the lock may have done it all.
        const due = steps()
        await ensureTools(root, { pnpm: due.length > 0 })
        for (const step of due) await step.run()
      })
    }
  }
  const node = findNode(root)
  if (node === undefined) throw new Failure('this Node is too old: MaiRust runs on 22.22.2, 24.15 or 26 and newer')
  return node
}
