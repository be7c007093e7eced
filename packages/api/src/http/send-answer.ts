import type { ServerResponse } from 'node:http'

type Changes = { status?: number; headers?: Readonly<Record<string, string>> }

/** Sends a short answer without the framework. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Response,
  { status = answer.status, headers = {} }: Changes = {},
): Promise<void> {
  const body = await answer.text()
  const length = { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...headers, ...Object.fromEntries(answer.headers), ...length })
  response.end(body)
}
