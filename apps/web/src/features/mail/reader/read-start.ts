/**
 * Reads at most `limit` bytes of a response as text; bytes that are not UTF-8 become replacement characters.
 * @throws Error if the response is not a success
 */
export async function readStart(response: Response, limit: number): Promise<string> {
  if (!response.ok || response.body === null) throw new Error(`The server answered ${String(response.status)}.`)
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let left = limit
  while (left > 0) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    const chunk = value.subarray(0, left)
    left -= chunk.length
    text += decoder.decode(chunk, { stream: true })
  }
  await reader.cancel()
  return text
}
