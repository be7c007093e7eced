import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SPACE_RESERVE, spoolFolderOf } from '@mairust/db'
import { beforeAll, expect, it } from 'vitest'
import { eventually, journeyIn, journeysOf, makeMessage, messagesOf } from './support/server.ts'
import { useServer } from './support/suite.ts'

const MIB = 1024 * 1024

/** A disk with 8 MiB above the reserve. */
const { server, world } = useServer({ freeBytes: async () => SPACE_RESERVE + 8 * MIB - (await spooled()) })

let folder: string | null = null
beforeAll(() => {
  folder = spoolFolderOf(server().config)
})

/** Bytes in files of unfinished messages; none before the server has started. */
async function spooled(): Promise<number> {
  const base = folder
  if (base === null) return 0
  const sizes = (await readdir(base)).map((name) =>
    stat(join(base, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

const lines = (bytes: number): string => `${'x'.repeat(62)}\r\n`.repeat(bytes / 64)

it('an unfinished message that would pass the reserve leaves no file, does not stop others, and gets 452 at its end', async () => {
  const [large, other] = [await server().client(), await server().client()]
  await large.upToData(world().address)
  await large.write(`Subject: large\r\n\r\n${lines(2 * MIB)}`)
  await eventually(async () => (await server().leftovers()).length === 1)
  await large.write(lines(4 * MIB))
  await eventually(async () => (await server().leftovers()).length === 0)
  expect(await other.send(world().address, makeMessage('other', lines(MIB)))).toMatch(/^250 /)
  await large.write(lines(MIB))
  const reply = await large.command('.')
  expect(reply).toMatch(/^452 4\.3\.1 .*\(jrn_/)
  expect(await large.send(world().address, makeMessage('next'))).toMatch(/^250 /)
  const [row] = await eventually(async () => {
    const rows = await journeysOf(server().database, journeyIn(reply))
    return rows.length > 0 && rows
  })
  expect(row).toMatchObject({ status: 'deferred', reason: 'no_space' })
  const subjects = (await messagesOf(server().database, world().mailbox.id)).map(({ subject }) => subject)
  expect(subjects).toEqual(['other', 'next'])
  for (const client of [large, other]) client.destroy()
})

it('a size that is announced counts before the message comes', async () => {
  const [first, second] = [await server().client(), await server().client()]
  for (const client of [first, second]) await client.command('EHLO x')
  expect(await first.command(`MAIL FROM:<> SIZE=${3 * MIB}`)).toMatch(/^250 /)
  await first.command(`RCPT TO:<${world().address}>`)
  expect(await first.command('DATA')).toMatch(/^354 /)
  expect(await second.command(`MAIL FROM:<> SIZE=${3 * MIB}`)).toMatch(/^452 4\.3\.1 /)
  expect(await second.send(world().address, makeMessage('small'))).toMatch(/^250 /)
  expect(await first.command(`${makeMessage('first')}\r\n.`)).toMatch(/^250 /)
  expect(await second.command(`MAIL FROM:<> SIZE=${3 * MIB}`)).toMatch(/^250 /)
  for (const client of [first, second]) client.destroy()
})
