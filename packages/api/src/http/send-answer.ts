import type { ServerResponse } from 'node:http'

type Changes = {
  status?: number
  /** Whether the connection ends with it. */
  ends?: boolean
}

/** Header fields of every answer, as of the framework’s (`apps/web/next.config.ts`); nothing of a short answer is ever run. */
export const COMMON = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** Sends a short answer without the framework, with the header fields of every answer that it lacks. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Response,
  { status = answer.status, ends = false }: Changes = {},
): Promise<void> {
  const body = await answer.text()
  const head = new Headers(COMMON)
  for (const [name, value] of answer.headers) head.set(name, value)
  if (ends) head.set('connection', 'close')
  response.writeHead(status, { ...Object.fromEntries(head), 'content-length': Buffer.byteLength(body) })
  // Node leaves the body out of an answer to HEAD.
  response.end(body)
}
