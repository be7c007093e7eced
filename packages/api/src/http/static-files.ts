import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { FILES } from './paths.ts'
import { COMMON } from './send-answer.ts'

const compress = promisify(gzip)

/** The types of what the build makes; no browser runs anything else. */
const TYPES: Record<string, string> = {
  '.js': 'application/javascript; charset=UTF-8',
  '.css': 'text/css; charset=UTF-8',
  '.json': 'application/json; charset=UTF-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}
const OTHER_TYPE = 'application/octet-stream'
const TEXT = /^(?:text|application\/ja|application\/js|image\/svg)/
/** Whether gzip is among the codings that a client takes (RFC 9110 §12.5.3). */
const TAKES_GZIP = /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i

/** A file as it is sent; `packed` is its gzip form, where that saves anything. */
type File = { type: string; tag: string; plain: Buffer; packed: Buffer | null }

/** The answers to GET and HEAD for static files. */
export type StaticFiles = {
  /** The name of the file that a request target asks for; null if there is none. */
  find: (target: string) => string | null
  /** Sends a file. Rejects, before anything is sent, when it cannot be read. */
  send: (name: string, request: IncomingMessage, response: ServerResponse) => Promise<void>
}

/** Makes the answers with the files of a build (`/_next/static/`), each read once. Names change with what is in them, so that browsers keep all for ever. */
export function createStaticFiles(folder: string): StaticFiles {
  const names = new Set(filesIn(folder))
  const read = new Map<string, Promise<File>>()

  const fileOf = (name: string): Promise<File> => {
    const file = read.get(name) ?? readStatic(join(folder, name))
    read.set(name, file)
    file.catch(() => read.delete(name))
    return file
  }

  return {
    find: (target) => {
      const name = decodeURIComponent(target.split('?', 1)[0]?.replace(FILES, '') ?? '')
      return names.has(name) ? name : null
    },
    send: async (name, { headers }, response) => {
      const { type, tag, plain, packed } = await fileOf(name)
      const isPacked = packed !== null && TAKES_GZIP.test(headers['accept-encoding']?.toString() ?? '')
      const body = isPacked ? packed : plain
      const head = {
        ...COMMON,
        'Cache-Control': 'public, max-age=31536000, immutable',
        ETag: tag,
        ...(packed === null ? {} : { Vary: 'Accept-Encoding' }),
      }
      if (isSame(headers['if-none-match'], tag)) {
        response.writeHead(304, head).end()
        return
      }
      const coding = isPacked ? { 'Content-Encoding': 'gzip' } : {}
      response.writeHead(200, { ...head, ...coding, 'Content-Type': type, 'Content-Length': body.byteLength })
      // Node leaves the body out of an answer to HEAD.
      response.end(body)
    },
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

async function readStatic(path: string): Promise<File> {
  const plain = await readFile(path)
  const type = TYPES[extname(path)] ?? OTHER_TYPE
  const packed = TEXT.test(type) ? await compress(plain) : null
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
  // Weak: its two forms have one tag (RFC 9110 §8.8.1).
  return { type, tag: `W/"${hash}"`, plain, packed: packed !== null && packed.length < plain.length ? packed : null }
}

/** RFC 9110 §13.1.2: by weak comparison. */
function isSame(header: string | undefined, tag: string): boolean {
  return header?.split(',').some((each) => [tag, tag.slice(2), '*'].includes(each.trim())) ?? false
}
