/**
 * Next passes neither `Content-Encoding` nor `Content-Length` of a route's answer on, and compresses what it takes for plain. So they go
 * by names of our own, which server.mjs turns back into theirs. What can be asked for in ranges is never compressed: its ranges are of
 * the plain bytes (RFC 9110 §14.1).
 */
export function keepFraming(response: Response): Response {
  for (const name of ['Content-Encoding', 'Content-Length']) {
    const value = response.headers.get(name)
    if (value !== null) response.headers.set(`X-MaiRust-${name}`, value)
  }
  if (response.headers.has('Accept-Ranges')) response.headers.append('Cache-Control', 'no-transform')
  return response
}
