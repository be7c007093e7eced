/**
 * The content type of a PNG, JPEG, GIF or WebP image by its first bytes, regardless of its declared type; null for anything else.
 */
export function imageType(content: Uint8Array): 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | null {
  const starts = (bytes: string, at = 0) =>
    Buffer.from(content.subarray(at, at + bytes.length)).toString('latin1') === bytes
  if (starts('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (starts('\xff\xd8\xff')) return 'image/jpeg'
  if (starts('GIF87a') || starts('GIF89a')) return 'image/gif'
  if (starts('RIFF') && starts('WEBP', 8)) return 'image/webp'
  return null
}
