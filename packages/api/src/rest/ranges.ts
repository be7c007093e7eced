import { Readable } from 'node:stream'
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
  /** The type with which it is shown in the browser; null if it may only be saved. Reads the beginning of the file. */
  shownAs?: ((signal: AbortSignal) => Promise<string | null>) | undefined
  open: (range?: ByteRange, signal?: AbortSignal) => Promise<Readable>
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
 * version of the file. HEAD and 304 read nothing of it.
 * @throws AppError RANGE_NOT_SATISFIABLE
 */
export const answerFile = async ({ method, headers, signal }: Request, file: RestFile): Promise<Response> => {
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
  const whole = method === 'HEAD' ? headOf(file, size) : await contentOf(file, size, range, signal)
  const answer = range === null ? whole : new Response(whole.body, { status: 206, headers: whole.headers })
  answer.headers.set('ETag', etag)
  answer.headers.set('Accept-Ranges', 'bytes')
  if (range !== null) answer.headers.set('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`)
  return answer
}

/** The header of a file, without what only its content shows (RFC 9110 §9.3.2). */
const headOf = (file: RestFile, size: number): Response => {
  const { headers } = fileAnswer(Readable.from([]), { ...file, size })
  if (file.shownAs !== undefined) for (const name of ['Content-Type', 'Content-Disposition']) headers.delete(name)
  return new Response(null, { headers })
}

const contentOf = async (
  file: RestFile,
  size: number,
  range: ByteRange | null,
  signal: AbortSignal,
): Promise<Response> => {
  const shown = (await file.shownAs?.(signal)) ?? null
  const content = await openFor(signal, () => file.open(range ?? undefined, signal))
  return fileAnswer(content, { ...file, size, type: shown ?? file.type, inline: shown !== null })
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
