import type { ServerResponse } from 'node:http'

type Changes = { status?: number; headers?: Readonly<Record<string, string>> }

/** Sends a short answer without the framework. `headers` are those that it may lack. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Response,
  { status = answer.status, headers = {} }: Changes = {},
): Promise<void> {
  const body = await answer.text()
  const head = new Headers(headers)
  for (const [name, value] of answer.headers) head.set(name, value)
  response.writeHead(status, { ...Object.fromEntries(head), 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
