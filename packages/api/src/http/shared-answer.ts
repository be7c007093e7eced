import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createGunzip, gzip } from 'node:zlib'
import { namesTag } from '../rest/etag.ts'

const CHUNK = 65_536

/**
 * Makes an answer that all requests for the same bytes share: they are in memory once, compressed, however many clients read them and
 * however slowly. It has an `ETag`; a client that has the bytes already gets 304.
 */
export async function createSharedAnswer(
  content: Uint8Array | string,
  headers: Readonly<Record<string, string>>,
): Promise<(request: Request) => Response> {
  const compressed = await promisify(gzip)(content, { level: 9 })
  const tag = `"${createHash('sha256').update(compressed).digest('base64url')}"`
  // Weak, because the compressed and the plain answer have the same content but not the same bytes.
  const common = { ...headers, ETag: `W/${tag}`, Vary: 'Accept-Encoding', 'X-Content-Type-Options': 'nosniff' }
  return (request) => {
    const known = request.headers.get('if-none-match')
    if (known !== null && namesTag(known, tag, true)) return new Response(null, { status: 304, headers: common })
    if (takesGzip(request.headers.get('accept-encoding'))) {
      return new Response(streamOf(compressed), {
        headers: { ...common, 'Content-Encoding': 'gzip', 'Content-Length': String(compressed.length) },
      })
    }
    const plain = createGunzip()
    // A client that disconnects ends both streams.
    pipeline(Readable.from([compressed], { objectMode: false }), plain, () => undefined)
    return new Response(Readable.toWeb(plain) as ReadableStream, { headers: common })
  }
}

/** Streams the bytes without copying them, as fast as the client reads. */
function streamOf(content: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull: (controller) => {
      if (at >= content.length) {
        controller.close()
        return
      }
      controller.enqueue(content.subarray(at, at + CHUNK))
      at += CHUNK
    },
  })
}

/** RFC 9110 §12.5.3: gzip or `*` is listed, not with a weight of 0. */
function takesGzip(acceptEncoding: string | null): boolean {
  const codings = (acceptEncoding ?? '').toLowerCase().split(',')
  return codings.some((coding) => /^\s*(?:gzip|\*)\s*(?:;|$)/.test(coding) && !/q=0(?:\.0*)?\s*$/.test(coding))
}
