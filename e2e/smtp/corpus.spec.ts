import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { corpus } from '../fixtures/corpus/index.ts'
import type { Sample } from '../fixtures/corpus/index.ts'
import { ADMIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

const SWAKS = '/usr/bin/swaks'
const AT_ONCE = 4
const run = promisify(execFile)

interface Row {
  id: string
  size: number
}

test.skip(!existsSync(SWAKS), 'install swaks (Debian: apt-get install swaks)')

test('200 varied messages: each one accepted with 250 is listed, opens, and comes back byte for byte', async ({
  product,
  rest,
}) => {
  test.setTimeout(600_000)
  const folder = mkdtempSync(join(tmpdir(), 'mairust-corpus-'))
  const journeys = new Map<string, Sample>()
  const waiting = corpus(200)
  const sendNext = async (): Promise<void> => {
    for (let sample = waiting.shift(); sample; sample = waiting.shift()) {
      const file = join(folder, sample.name)
      writeFileSync(file, dotStuffed(sample.raw))
      const { stdout } = await run(
        SWAKS,
        [
          '--server',
          '127.0.0.1',
          '--port',
          String(product.ports.inbound),
          '--helo',
          'client.remote.example',
          '--from',
          'sender@remote.example',
          '--to',
          ADMIN.email,
          '--suppress-data',
          '--no-data-fixup',
          '--data',
          `@${file}`,
        ],
        { maxBuffer: 64 * 1024 * 1024 },
      )
      const journey = /<-\s+250 2\.0\.0 .*(jrn_[0-9a-z]{26})/.exec(stdout)?.[1]
      expect(journey, `${sample.name}: ${stdout}`).toBeDefined()
      if (journey) journeys.set(journey, sample)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, sendNext))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  expect(journeys.size).toBe(200)

  const listed = new Set<string>()
  // Malformed ones, without an author or with fields twice, are in Junk.
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { data: Row[]; pagination: { cursor: string | null } } = (
      await rest.call<{ data: Row[]; pagination: { cursor: string | null } }>(
        'GET',
        `/messages?q=in:anywhere&limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      )
    ).body
    for (const { id } of page.data) listed.add(id)
    cursor = page.pagination.cursor
  }
  const found = new Set<string>()
  for (const id of listed) {
    const detail = await rest.call<{ data: { journey_id: string } }>('GET', `/messages/${id}`)
    expect(detail.status).toBe(200)
    const sample = journeys.get(detail.body.data.journey_id)
    if (!sample) continue
    const { bytes } = await rest.bytes(`/messages/${id}/raw`)
    expect(bytes.subarray(-sample.raw.length).equals(sample.raw), `${sample.name} ends with the bytes sent`).toBe(true)
    found.add(sample.name)
  }
  expect(found.size).toBe(200)
})

/** The message as sent over the wire (RFC 5321 §4.5.2), with the final dot: swaks sends it unchanged. */
function dotStuffed(raw: Buffer): Buffer {
  return Buffer.from(`${raw.toString('latin1').replaceAll(/(^|\r\n)\./g, '$1..')}.\r\n`, 'latin1')
}
