import { expect, it } from 'vitest'
import { imageType } from './image-type.ts'

it.each([
  ['\x89PNG\r\n\x1a\n....', 'image/png'],
  ['\xff\xd8\xff\xe0..', 'image/jpeg'],
  ['GIF89a..', 'image/gif'],
  ['RIFF\0\0\0\0WEBPVP8 ', 'image/webp'],
  ['RIFF\0\0\0\0WAVE', null],
  ['<svg xmlns="http://www.w3.org/2000/svg"/>', null],
  ['', null],
])('%j is %s', (bytes, type) => {
  expect(imageType(Buffer.from(bytes, 'latin1'))).toBe(type)
})
