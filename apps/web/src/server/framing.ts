/**
 * Next drops `Content-Encoding` and `Content-Length` of a route's answer, and compresses what looks uncompressed. So they get names of
 * our own, which server.mjs turns back. An answer that supports ranges is never compressed: its ranges count the plain bytes
 * (RFC 9110 §14.1).
 */
export function keepFraming(response: Response): Response {
  for (const name of ['Content-Encoding', 'Content-Length']) {
    const value = response.headers.get(name)
    if (value !== null) response.headers.set(`X-MaiRust-${name}`, value)
  }
  if (response.headers.has('Accept-Ranges')) response.headers.append('Cache-Control', 'no-transform')
  return response
}
