// Decides what to start, and prepares the folder for it.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isBuilt, prepare } from './prepare.mjs'
import { run } from './run.mjs'
import { ensureTools, toolEnvironment } from './runtime.mjs'
import { endedBy } from './signals.mjs'
import { supervise } from './supervise.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The repository's own scripts; they need pnpm but no build. */
const SCRIPTS = new Set(['test', 'security', 'bench'])
/** The verb that runs the server. */
const SERVES = 'start'

/** Runs a repository script and resolves with its exit status. */
async function startScript(name, args) {
  const node = await prepare(root)
  await ensureTools(root, { pnpm: true })
  return run(node, [join(root, 'scripts', `${name}.mjs`), ...args], {
    cwd: root,
    env: toolEnvironment(root),
    stdio: 'inherit',
  })
}

/**
 * Runs the program in the caller's working directory and resolves with its exit status. With `rebuild`, builds what has changed;
 * otherwise only what is missing, because a running server still loads parts of its build.
 */
export async function startProgram(args, { rebuild }) {
  const serves = args[0] === SERVES
  const builds = serves ? ['cli', 'web'] : ['cli']
  try {
    const node = await prepare(root, { builds: rebuild || !isBuilt(root, builds) ? builds : [] })
    const program = [join(root, 'apps/cli/dist/main.js'), ...args]
    const env = toolEnvironment(root)
    return await (serves ? supervise(node, program, { env }) : run(node, program, { env, stdio: 'inherit' }))
  } catch (error) {
    // Stopping the server before it started is a success.
    if (serves && endedBy() !== null) return 0
    throw error
  }
}

/** Runs what an npm script names: a repository script or a verb of the program. */
export const startVerb = (verb, args) =>
  SCRIPTS.has(verb) ? startScript(verb, args) : startProgram([verb, ...args], { rebuild: true })
