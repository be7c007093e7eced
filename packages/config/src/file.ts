import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { ConfigError } from './error.ts'
import { isSection, type Layer, type Path } from './layer.ts'
import { children, variants } from './schema/walk.ts'

/** The configuration file: `$MAIRUST_CONFIG`, else the first existing one of `./config.yaml`, the user's and the system's; or null. */
export function findConfigFile(env: NodeJS.ProcessEnv, cwd: string): string | null {
  const named = env['MAIRUST_CONFIG']
  if (named !== undefined && named !== '') return resolve(cwd, named)
  const home = env['HOME'] ?? homedir()
  const places = [join(cwd, 'config.yaml'), join(home, '.config/mairust/config.yaml'), '/etc/mairust/config.yaml']
  return places.find((place) => existsSync(place)) ?? null
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    const reason = code === 'ENOENT' ? 'the file does not exist' : `the file cannot be read (${code})`
    throw new ConfigError([{ source: file, path: '', message: reason }])
  }
}

/** Turns an empty section (`smtp:`) from null into {}. */
function withoutEmptySections(value: unknown, schemas: readonly z.core.$ZodType[]): unknown {
  if (!isSection(value)) return value
  const entries = Object.entries(value).map(([key, entry]): [string, unknown] => {
    const below = schemas.flatMap((schema) => children(schema, key))
    const empty = entry === null && below.some((schema) => variants(schema).length > 0)
    return [key, empty ? {} : withoutEmptySections(entry, below)]
  })
  return Object.fromEntries(entries)
}

/**
 * Reads a YAML configuration file.
 * @throws ConfigError when it cannot be read or is not YAML, with the line
 */
export function readConfigFile(file: string, root: z.core.$ZodType): Layer {
  const lines = new LineCounter()
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => ({
        source: `${file}:${lines.linePos(error.pos[0]).line}`,
        path: '',
        message: error.message,
      })),
    )
  }
  const tree: unknown = document.toJS() ?? {}
  if (!isSection(tree))
    throw new ConfigError([{ source: file, path: '', message: 'must be a mapping of sections such as "smtp:"' }])
  const where = (path: Path): string => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined
      if (node?.range !== undefined) return `${file}:${lines.linePos(node.range[0]).line}`
    }
    return file
  }
  return { tree: withoutEmptySections(tree, [root]) as Record<string, unknown>, where }
}
