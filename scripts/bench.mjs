// `npm run bench -- <name> [options]`: runs a benchmark from bench/ on the built product.

import { globSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [name = '', ...options] = process.argv.slice(2)
const files = globSync('bench/{*.ts,faults/*.{ts,mjs}}', { cwd: root })
const nameOf = (path) => relative('bench', path).replace(/\.m?[jt]s$/, '')
const file = files.find((path) => nameOf(path) === name)
if (file === undefined) {
  const names = files.map(nameOf)
  console.error(`usage: npm run bench -- <${names.join('|')}> [options]`)
  process.exit(2)
}
process.exit(spawnSync(process.execPath, [file, ...options], { cwd: root, stdio: 'inherit' }).status ?? 1)
