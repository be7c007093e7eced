/** Responses on the wire, after everything the web server does to them. */
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { note } from '../fixtures/letters.ts'
import { refill } from '../fixtures/mailbox.ts'
import { expect, test } from '../fixtures/test.ts'

interface OnTheWire {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Fetches the raw bytes, before any client decodes them. */
function get(url: string, headers: Record<string, string>): Promise<OnTheWire> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
      )
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('the OpenAPI document and the reference page’s script are compressed once', async ({ product }) => {
  for (const path of ['/api/v1/openapi.json', '/api/v1/docs/reference.js']) {
    const packed = await get(`${product.url}${path}`, { 'accept-encoding': 'gzip' })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.headers['content-length']).toBe(String(packed.body.length))
    const plain = await get(`${product.url}${path}`, {})
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true)
  }
})

test('a raw message has a Content-Length, is never compressed, and supports ranges', async ({ product, rest }) => {
  await refill(product, rest, [note('Ranges')])
  const { body } = await rest.call<{ data: { id: string; size: number }[] }>('GET', '/messages?q=Ranges')
  const { id = '', size = 0 } = body.data[0] ?? {}
  const whole = await rest.bytes(`/messages/${id}/raw`)
  expect([whole.headers.get('content-encoding'), whole.headers.get('content-length')]).toEqual([null, String(size)])
  const part = await rest.bytes(`/messages/${id}/raw`, { range: 'bytes=5-14' })
  expect([part.status, part.headers.get('content-encoding'), part.headers.get('content-length')]).toEqual([
    206,
    null,
    '10',
  ])
  expect(part.bytes.equals(whole.bytes.subarray(5, 15))).toBe(true)
})
