// What to start, once the folder is ready for it.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isBuilt, prepare } from './prepare.mjs'
import { run } from './run.mjs'
import { ensureTools, toolEnvironment } from './runtime.mjs'
import { endedBy } from './signals.mjs'
import { supervise } from './supervise.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Programs of the repository itself; they need pnpm and no build. */
const SCRIPTS = new Set(['test', 'security', 'bench'])
/** The verb of the program that serves mail and pages until it is told to end. */
const SERVES = 'start'

/** Runs one of the repository's scripts, and resolves with its exit status. */
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
 * Runs the program, and resolves with its exit status, in the working directory of the caller. `rebuild` says whether sources that changed are built
 * again; otherwise only what is missing is, because a running server still loads parts of its build.
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
    // A server that is told to end before there is one has ended well.
    if (serves && endedBy() !== null) return 0
    throw error
  }
}

/** What an npm script asks for: a script of the repository or a verb of the program. */
export const startVerb = (verb, args) =>
  SCRIPTS.has(verb) ? startScript(verb, args) : startProgram([verb, ...args], { rebuild: true })
