import { describe, expect, it } from 'vitest'
import { useServer } from './support/suite.ts'
import { messagesOf } from './support/server.ts'

const { server, world } = useServer()

/** An attacker's whole transaction, sent after the suspicious bytes. */
const smuggled = (to: string): string =>
  `MAIL FROM:<evil@remote.example>\r\nRCPT TO:<${to}>\r\nDATA\r\nSubject: smuggled\r\n\r\nx`

async function stored(): Promise<string[]> {
  const rows = await messagesOf(server().database, world().mailbox.id)
  return rows.map((row) => row.subject)
}

/** Sends a message that contains `bytes`, in segments, properly terminated. Returns its reply and the one to NOOP. */
async function sendWith(bytes: string, segments: (message: string) => string[] = (message) => [message]) {
  const client = await server().client()
  expect(await client.upToData(world().address)).toMatch(/^354/)
  const message = `Subject: carrier\r\n\r\nbody${bytes}${smuggled(world().address)}\r\n.\r\nNOOP\r\n`
  await client.segments(...segments(message))
  const replies = [await client.reply(), await client.reply()]
  client.destroy()
  return replies
}

describe('the end of DATA', () => {
  const never = [
    '\n.\n',
    '\r\n.\n',
    '\n.\r\n',
    '\r.\r',
    '\r.\r\n',
    '\r\n.\r',
    '\n\r.\r\n',
    '\r\n\0.\r\n',
    '\r\n.\0\r\n',
    '\n..\n',
  ]
  for (const bytes of never) {
    it(`is not ${JSON.stringify(bytes)}, which is refused`, async () => {
      const before = await stored()
      const [answer, noop] = await sendWith(bytes)
      expect(answer).toMatch(/^550 5\.6\.11 .*\(jrn_[0-9a-z]{26}\)$/)
      expect(noop).toMatch(/^250 /)
      expect(await stored()).toEqual(before)
    })

    it(`is not ${JSON.stringify(bytes)} in any segmentation`, async () => {
      const at = 'Subject: carrier\r\n\r\nbody'.length
      for (let cut = at; cut <= at + bytes.length; cut += 1) {
        const [answer, noop] = await sendWith(bytes, (message) => [message.slice(0, cut), message.slice(cut)])
        expect([answer?.slice(0, 10), noop?.slice(0, 3)]).toEqual(['550 5.6.11', '250'])
      }
    })
  }

  it('is not a line of two dots, from which one is removed', async () => {
    const client = await server().client()
    const reply = await client.send(world().address, 'Subject: dots\r\n\r\n..\r\n..a\r\nb')
    expect(reply).toMatch(/^250 /)
    const rows = await messagesOf(server().database, world().mailbox.id)
    const raw = await server().blobs.read(rows.at(-1)?.blobKey ?? '')
    expect(raw.toString()).toMatch(/\r\n\r\n\.\r\n\.a\r\nb\r\n$/)
    client.destroy()
  })

  it('is CRLF . CRLF even after a bare CR, and the bare CR is refused', async () => {
    const client = await server().client()
    await client.upToData(world().address)
    await client.write('Subject: x\r\n\r\nbody\r\r\n.\r\n')
    expect(await client.reply()).toMatch(/^550 5\.6\.11 /)
    client.destroy()
  })

  it('may come first, and leaves an empty message', async () => {
    const client = await server().client()
    await client.upToData(world().address)
    await client.write('.\r\n')
    expect(await client.reply()).toMatch(/^250 /)
    client.destroy()
  })

  it('is found however it is split into segments', async () => {
    const text = 'Subject: cut\r\n\r\nline\r\n.\r\nNOOP\r\n'
    for (let cut = text.indexOf('line') + 4; cut < text.indexOf('NOOP'); cut += 1) {
      const client = await server().client()
      await client.upToData(world().address)
      await client.segments(text.slice(0, cut), text.slice(cut))
      expect([(await client.reply()).slice(0, 3), (await client.reply()).slice(0, 3)]).toEqual(['250', '250'])
      client.destroy()
      const rows = await messagesOf(server().database, world().mailbox.id)
      const raw = await server().blobs.read(rows.at(-1)?.blobKey ?? '')
      expect(raw.toString().endsWith('\r\n\r\nline\r\n')).toBe(true)
    }
  })

  it('is not a first line of two dots in a segment of its own', async () => {
    const client = await server().client()
    await client.upToData(world().address)
    await client.segments('..\r\n', 'X\r\n', `${smuggled('nobody@remote.example')}\r\n`, '.\r\n', 'NOOP\r\n')
    expect([(await client.reply()).slice(0, 3), (await client.reply()).slice(0, 3)]).toEqual(['250', '250'])
    client.destroy()
    const rows = await messagesOf(server().database, world().mailbox.id)
    const raw = await server().blobs.read(rows.at(-1)?.blobKey ?? '')
    expect(raw.toString()).toContain('\r\n.\r\nX\r\nMAIL FROM:')
  })

  it('does not lose dots when each is a segment', async () => {
    const client = await server().client()
    await client.upToData(world().address)
    await client.segments('.', '.', '.', '.x\r\n', '.\r\n')
    expect(await client.reply()).toMatch(/^250 /)
    client.destroy()
    const rows = await messagesOf(server().database, world().mailbox.id)
    const raw = await server().blobs.read(rows.at(-1)?.blobKey ?? '')
    expect(raw.toString().endsWith('\r\n...x\r\n')).toBe(true)
  })
})

describe('a whole session in one segment', () => {
  it('is refused at DATA, since the client did not wait for the 354', async () => {
    const before = await stored()
    const client = await server().client()
    const to = world().address
    await client.write(
      `EHLO a\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<${to}>\r\nDATA\r\nSubject: y\r\n\r\nz\r\n.\r\nQUIT\r\n`,
    )
    const replies = [await client.reply(), await client.reply(), await client.reply(), await client.reply()]
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['250', '250', '250', '554'])
    await client.untilClosed()
    expect(await stored()).toEqual(before)
  })
})
