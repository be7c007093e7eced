// Documents that name what is gone are worse than none: every path in backticks in ARCHITECTURE.md and CONTRIBUTING.md, and every
// relative link of the Markdown files, must exist.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const MAPS = new Set(['ARCHITECTURE.md', 'CONTRIBUTING.md'])
const PATH = /`((?:apps|packages|tooling|scripts|e2e|bench|docs|bin|plugins|\.ci)\/[^`\s]*)`/g
const LINK = /\]\((?!https?:|mailto:|#)([^)\s#]+)/g
const problems = []

for (const file of globSync('{*.md,docs/**/*.md}', { cwd: root })) {
  const text = readFileSync(join(root, file), 'utf8')
  for (const [, link] of text.matchAll(LINK)) expect(file, join(dirname(file), link))
  if (MAPS.has(file)) for (const [, path] of text.matchAll(PATH)) for (const one of spread(path)) expect(file, one)
}

/** Placeholders such as <entity> end the part that can be checked. */
function expect(file, path) {
  const checkable = path.includes('<') ? path.slice(0, path.indexOf('<')).replace(/[^/]*$/, '') : path
  const found = checkable.includes('*')
    ? globSync(checkable, { cwd: root }).length > 0
    : existsSync(join(root, checkable))
  if (!found) problems.push(`${file} names ${path}, which does not exist`)
}

/** `a/{b,c}` names a/b and a/c. */
function spread(path) {
  const match = /^([^{]*)\{([^}]*)\}(.*)$/.exec(path)
  return match ? match[2].split(',').flatMap((part) => spread(match[1] + part + match[3])) : [path]
}

for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
