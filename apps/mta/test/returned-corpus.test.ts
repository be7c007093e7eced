import { readFileSync } from 'node:fs'
import { createId } from '@mairust/db'
import { withDatabases } from '@mairust/db/testing'
import { returnPathSettings } from '@mairust/intake'
import { formatAddress } from '@mairust/mail-core/address'
import { returnPathOf } from '@mairust/mail-core/envelope'
import { expect, it } from 'vitest'
import { MASTER_KEY } from './support/server.ts'
import { useUserMail } from './support/user-mail.ts'

const folder = new URL('../../../packages/mail-core/src/bounce/inbound/fixtures/', import.meta.url)

/** Returned mail of many makes, and what it says of the first recipient that failed. */
const SAMPLES = readFileSync(new URL('expected.txt', folder), 'utf8')
  .split('\n')
  .filter((line) => /^[a-z]/.test(line))
  .map((line) => {
    const [name = '', kind = '', , recipients = ''] = line.split('|').map((part) => part.trim())
    const failed = recipients.split(', ').find((one) => one.includes(' failed '))
    return { name, kind, reason: failed?.split(' ').at(-1) ?? '', raw: readFileSync(new URL(`${name}.eml`, folder)) }
  })
/** They have a sender; a program that reports mail has none. */
const FROM_SOMEBODY = new Set([
  'reply-by-person',
  'forwarded-bounce',
  'ticket',
  'vacation-unix',
  'outlook-junk',
  'arf-abuse',
])

withDatabases((get) => {
  const { bench, server, world, queue, readReturned } = useUserMail(get)

  it('O48 the corpus of returned mail, through port 25: 95 of 100 bounces end their delivery, and nothing else does', async () => {
    await bench().mx()
    queue().start()
    const settings = returnPathSettings(MASTER_KEY, server().config.outbound.return_paths)
    const sent = SAMPLES.map((sample, at) => {
      const id = createId('dlv')
      return {
        ...sample,
        id,
        to: `r${at}@remote.test`,
        path: formatAddress(returnPathOf(id, world().domain.name, settings, new Date())),
      }
    })
    for (const { id, to, path } of sent) {
      const outgoing = { returnPath: path, sender: world().address, userId: world().user.id }
      await queue().send([to], { delivery: { id }, outgoing })
    }
    await queue().until(...sent.map((_, at) => `r${at} delivered`))
    const client = await server().client()
    for (const { path, raw, name } of sent) {
      const text = raw.toString('latin1').replaceAll(/\r?\n/g, '\r\n').replaceAll(/^\./gm, '..')
      const from = FROM_SOMEBODY.has(name) ? 'bob@remote.example' : ''
      expect(await client.send(path, Buffer.from(text, 'latin1'), from), name).toMatch(/^250/)
    }
    client.destroy()
    await readReturned()
    const rows = new Map((await queue().rows()).map((row) => [row.id, row]))
    const wrong = sent.filter(({ id, kind, reason }) => {
      const row = rows.get(id)
      return kind === 'bounce' ? row?.state !== 'bounced' || row.reason !== reason : row?.state !== 'delivered'
    })
    const names = wrong.map(({ name }) => name)
    expect(wrong.filter(({ kind }) => kind !== 'bounce').map(({ name }) => name)).toEqual([])
    expect(wrong.length / SAMPLES.filter(({ kind }) => kind === 'bounce').length, names.join(' ')).toBeLessThanOrEqual(
      0.05,
    )
  }, 120_000)
})
