// `npm run bench -- <name> [options]`: one of bench/<name>.ts, on the built product.

import { existsSync, globSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [name = '', ...options] = process.argv.slice(2)
const file = join(root, 'bench', `${name}.ts`)
if (!/^[a-z/-]+$/.test(name) || !existsSync(file)) {
  const names = globSync('bench/*.ts', { cwd: root }).map((path) => basename(path, '.ts'))
  console.error(`usage: npm run bench -- <${names.join('|')}> [options]`)
  process.exit(2)
}
process.exit(spawnSync(process.execPath, [file, ...options], { cwd: root, stdio: 'inherit' }).status ?? 1)
