// The Node and pnpm that MaiRust runs on: the machine's when suitable, else installed into .tools/.

import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { runQuietly } from './run.mjs'
import { Failure, say } from './say.mjs'

const NODE_VERSION = '24.21.0'

/** Whether we support a Node version: ^22.22.2 || ^24.15.0 || >=26. */
export function isSupportedNode(version) {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (major === 22) return minor > 22 || (minor === 22 && patch >= 2)
  if (major === 24) return minor >= 15
  return major >= 26
}

const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
const nodeBinary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'

/** The pnpm that package.json asks for. */
const pnpmVersion = (root) => {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return /^pnpm@([\d.]+)/.exec(packageManager)?.[1] ?? ''
}

/** What the last completed installation put into .tools/: { [package]: version }. */
function installedTools(root) {
  try {
    return JSON.parse(readFileSync(join(root, '.tools/installed.json'), 'utf8'))
  } catch {
    return {}
  }
}

/** The Node to run on, or undefined when it must be installed first. */
export function findNode(root) {
  if (isSupportedNode(process.versions.node)) return process.execPath
  const brought = join(root, '.tools/node_modules', nodePackage, nodeBinary)
  return installedTools(root)[nodePackage] === NODE_VERSION && existsSync(brought) ? brought : undefined
}

/** The version of the pnpm on PATH, read from its manifest without starting it; undefined when there is none. */
function pnpmOnPath() {
  const folder = (process.env.PATH ?? '')
    .split(delimiter)
    .find((entry) => entry !== '' && existsSync(join(entry, 'pnpm')))
  if (folder === undefined) return undefined
  const program = realpathSync(join(folder, 'pnpm'))
  // The manifest is beside the program or one folder up, depending on the version.
  for (const manifest of [join(program, '../package.json'), join(program, '../../package.json')]) {
    if (!existsSync(manifest)) continue
    const { name, version } = JSON.parse(readFileSync(manifest, 'utf8'))
    if (name === 'pnpm') return version
  }
  return undefined
}

const hasPnpm = (root) => [installedTools(root).pnpm, pnpmOnPath()].includes(pnpmVersion(root))

/** Whether nothing has to be installed. */
export const toolsReady = (root, { pnpm }) => findNode(root) !== undefined && (!pnpm || hasPnpm(root))

/**
 * Installs what is missing from the npm registry, without running any package scripts.
 * @param {string} root
 * @param {{ pnpm: boolean }} wanted
 */
export async function ensureTools(root, wanted) {
  if (toolsReady(root, wanted)) return
  const tools = join(root, '.tools')
  const held = installedTools(root)
  // npm removes packages that are not named, so name everything that stays.
  const packages = {
    ...held,
    ...(findNode(root) === undefined ? { [nodePackage]: NODE_VERSION } : {}),
    ...(wanted.pnpm && !hasPnpm(root) ? { pnpm: pnpmVersion(root) } : {}),
  }
  const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
  say(`installing ${names.join(' and ')} into .tools/`)
  mkdirSync(tools, { recursive: true })
  const args = [
    'install',
    '--prefix',
    tools,
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    ...names,
  ]
  const status = await runQuietly(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    cwd: tools,
    env: cleanEnvironment(),
  })
  if (status !== 0) throw new Failure('the tools could not be installed from the npm registry; see above', status)
  writeFileSync(join(tools, 'installed.json'), JSON.stringify(packages))
}

const NPM_NOISE =
  /^npm_(?:package_|lifecycle_|command$|execpath$|node_execpath$|config_(?:nodedir|local_prefix|global_prefix|prefix|init_module|node_gyp|npm_version|user_agent|noproxy|allow_scripts)$)/i

/** Our environment without the variables npm sets for its scripts, which npm and pnpm would warn about. */
export function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !NPM_NOISE.test(name)))
}

/** The environment for programs of this repository: the right node and pnpm first on PATH, enough threads for file I/O. */
export function toolEnvironment(root) {
  const node = findNode(root)
  // turbo starts pnpm without a shell, and the one in .bin is a shell script without a shebang: the real program goes first
  const pnpmProgram = join(root, '.tools/node_modules/@pnpm', `exe.${process.platform}-${process.arch}`)
  const bins = [pnpmProgram, join(root, '.tools/node_modules/.bin')]
  if (node !== undefined && node !== process.execPath) bins.unshift(dirname(node))
  return {
    UV_THREADPOOL_SIZE: String(Math.max(16, availableParallelism() * 4)),
    NODE_COMPILE_CACHE: join(root, '.tools/compile-cache'),
    TURBO_TELEMETRY_DISABLED: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    ...cleanEnvironment(),
    PATH: [...bins, process.env.PATH ?? ''].join(delimiter),
  }
}
