import type { Readable } from 'node:stream'
import { fileAnswer } from '../render/answers.ts'
import { AppError } from '../errors.ts'
import { outsideTurn } from '../http/held-turn.ts'
import { namesTag } from './etag.ts'

/** First and last byte, both included. */
interface ByteRange {
  start: number
  end: number
}

/** A file to download, whole or in part. */
export interface RestFile {
  name: string
  type: string
  size: number
  /** Without quotes; the same only for the same bytes. */
  etag: string
  inline?: boolean
  open: (range?: ByteRange) => Promise<Readable>
}

/** The requested range (RFC 9110 §14.1.2). Null for the whole file: malformed and multiple ranges are ignored. */
const rangeOf = (header: string | null, size: number): ByteRange | 'unsatisfiable' | null => {
  const [, first = '', last = ''] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 }
  }
  if (last !== '' && Number(last) < Number(first)) return null
  if (Number(first) >= size) return 'unsatisfiable'
  return { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}

/**
 * Answers with a file: 304 if the client has it (`If-None-Match`), or 206 with the requested range, unless `If-Range` names another
 * version of the file.
 * @throws AppError RANGE_NOT_SATISFIABLE
 */
export const answerFile = async ({ headers, signal }: Request, file: RestFile): Promise<Response> => {
  const etag = `"${file.etag}"`
  const known = headers.get('if-none-match')
  if (known !== null && namesTag(known, etag, true)) {
    return new Response(null, { status: 304, headers: { ETag: etag, 'Cache-Control': 'private, no-store' } })
  }
  const ifRange = headers.get('if-range')
  const range = ifRange === null || ifRange.trim() === etag ? rangeOf(headers.get('range'), file.size) : null
  if (range === 'unsatisfiable') {
    throw new AppError('RANGE_NOT_SATISFIABLE', `The file has ${file.size} bytes; the range is outside it.`, {
      headers: { 'Content-Range': `bytes */${file.size}` },
    })
  }
  const size = range === null ? file.size : range.end - range.start + 1
  const whole = fileAnswer(await openFor(signal, () => file.open(range ?? undefined)), { ...file, size })
  const answer = range === null ? whole : new Response(whole.body, { status: 206, headers: whole.headers })
  answer.headers.set('ETag', etag)
  answer.headers.set('Accept-Ranges', 'bytes')
  if (range !== null) answer.headers.set('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`)
  return answer
}

/** Opens content that is closed when its client leaves: then nobody reads it to its end. */
const openFor = async (signal: AbortSignal, open: () => Promise<Readable>): Promise<Readable> => {
  let opening: Promise<Readable> | null = null
  const content = await outsideTurn(() => (opening = open())).catch(async (error: unknown) => {
    const unused = await opening
    unused?.destroy()
    throw error
  })
  const close = (): void => void content.destroy()
  if (signal.aborted) close()
  else signal.addEventListener('abort', close, { once: true })
  content.once('close', () => signal.removeEventListener('abort', close))
  return content
}
