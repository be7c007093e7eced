// Checks that whatever the documents name exists: every relative link with its heading, every path in backticks in
// ARCHITECTURE.md and CONTRIBUTING.md, and every setting, metric, log message and command. And that docs/metrics.md has every metric.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const MAPS = new Set(['ARCHITECTURE.md', 'CONTRIBUTING.md'])
const PATH = /`((?:apps|packages|tooling|scripts|e2e|bench|docs|bin|plugins|\.ci)\/[^`\s]*)`/g
const LINK = /\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)/g
const HEADING = /^#{1,6} (.+)$/gm
const SETTING =
  /`((?:server|smtp|web|ops|database|storage|dns|tls|queue|outbound|spam|hooks|security|retention|audit|logging)\.[a-z_.]+)(?:[:=][^`]*)?`/g
const METRIC = /\bmairust_\w+/g
const MESSAGE = /"message":"([^"]+)"/g
const COMMAND = /(?:bin\/|`)mairust (\S[^`|\n]*)/g
/** Looks like a metric, but is a cookie. */
const COOKIE = 'mairust_sid'

const read = (file) => readFileSync(join(root, file), 'utf8')
const problems = []
const sources = globSync(['{apps,packages}/*/src/**/*.{ts,tsx}', 'apps/web/*.mjs'], { cwd: root })
  .filter((file) => !file.includes('.test.'))
  .map(read)
const settings = read('docs/configuration.md')
const metrics = new Set(
  sources.flatMap((source) => [...source.matchAll(/name: '(mairust_\w+)',\s+help: /g)].map(([, name]) => name)),
)
const { runCli } = await import('../apps/cli/src/cli.ts')

for (const file of globSync('{*.md,docs/**/*.md}', { cwd: root })) {
  const text = read(file)
  for (const [, link, anchor] of text.matchAll(LINK)) {
    const target = link === '' ? file : join(dirname(file), link)
    expect(file, target)
    if (anchor !== undefined && existsSync(join(root, target)) && !anchorsOf(target).includes(anchor))
      problems.push(`${file} links to #${anchor} of ${target}, which has no such heading`)
  }
  if (MAPS.has(file)) for (const [, path] of text.matchAll(PATH)) for (const one of spread(path)) expect(file, one)
  for (const [, setting] of text.matchAll(SETTING))
    if (!new RegExp(`\`${setting.replaceAll('.', String.raw`\.`)}[\`.]`).test(settings))
      problems.push(`${file} names the setting ${setting}, which does not exist`)
  for (const [name] of text.matchAll(METRIC))
    if (name !== COOKIE && !metrics.has(name.replace(/_(?:bucket|sum|count)$/, '')))
      problems.push(`${file} names the metric ${name}, which does not exist`)
  for (const [, message] of text.matchAll(MESSAGE))
    if (!sources.some((source) => source.includes(message)))
      problems.push(`${file} names the log message "${message}", which nothing writes`)
  for (const [, command] of text.matchAll(COMMAND)) await expectCommand(file, command)
}
const described = read('docs/metrics.md')
for (const name of metrics)
  if (!described.includes(`\`${name}\``)) problems.push(`docs/metrics.md does not describe ${name}`)

/** Checks a path up to the first placeholder such as <entity>. */
function expect(file, path) {
  const checkable = path.includes('<') ? path.slice(0, path.indexOf('<')).replace(/[^/]*$/, '') : path
  const found = checkable.includes('*')
    ? globSync(checkable, { cwd: root }).length > 0
    : existsSync(join(root, checkable))
  if (!found) problems.push(`${file} names ${path}, which does not exist`)
}

/** The anchors of a document's headings. */
function anchorsOf(file) {
  return [...read(file).matchAll(HEADING)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Expands `a/{b,c}` to a/b and a/c. */
function spread(path) {
  const match = /^([^{]*)\{([^}]*)\}(.*)$/.exec(path)
  return match ? match[2].split(',').flatMap((part) => spread(match[1] + part + match[3])) : [path]
}

/** Follows subcommands as far as they go; the rest are arguments and options of the last. */
async function expectCommand(file, command) {
  const words = command.split(/\s+/)
  const path = []
  let help = await helpOf(path)
  while (words.length > path.length && help.commands.length > 0 && !words[path.length].startsWith('-')) {
    const word = words[path.length].replace(/[.,;:)]+$/, '')
    if (!help.commands.includes(word)) {
      problems.push(`${file} names mairust ${[...path, word].join(' ')}, which does not exist`)
      return
    }
    path.push(word)
    help = await helpOf(path)
  }
  for (const word of words.slice(path.length)) {
    const [option] = /^--[a-z][\w-]*/.exec(word) ?? []
    if (option !== undefined && !help.options.includes(option))
      problems.push(`${file} gives mairust ${path.join(' ')} the option ${option}, which it does not take`)
  }
}

/** The subcommands and options of a command, from its help. */
async function helpOf(path) {
  let text = ''
  const out = (part) => void (text += part)
  await runCli([...path, '--help'], { env: {}, stdin: process.stdin, out, err: out })
  const [options = '', commands = ''] = text.split(/^Commands:$/m)
  return {
    options: [...options.matchAll(/^ {2}(?:-\w, )?(--[a-z][\w-]*)/gm)].map(([, name]) => name),
    commands: [...commands.matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name]) => name),
  }
}

for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
