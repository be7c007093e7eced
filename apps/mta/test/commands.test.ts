import { describe, expect, it } from 'vitest'
import { makeMessage, messagesOf } from './support/server.ts'
import { useServer } from './support/suite.ts'

const { server, world } = useServer()

describe('the greeting and EHLO', () => {
  it('reveal only the host name and the extensions', async () => {
    const client = await server().client({ greeting: false })
    expect(await client.reply()).toBe('220 mx.test.example ESMTP')
    const features = (await client.command('EHLO client.example')).split('\r\n').map((line) => line.slice(4))
    expect(features).toEqual([
      'mx.test.example',
      'PIPELINING',
      '8BITMIME',
      'SMTPUTF8',
      'ENHANCEDSTATUSCODES',
      'SIZE 52428800',
      'STARTTLS',
    ])
    client.destroy()
  })

  it('disconnect a client that talks before the greeting', async () => {
    const client = await server().client({ greeting: false })
    await client.write('EHLO early\r\n')
    expect(await client.reply()).toMatch(/^421 /)
    await client.untilClosed()
  })
})

describe('a command line', () => {
  const bad: [string, string][] = [
    ['ends in a bare LF', 'EHLO x\n'],
    ['contains a NUL', 'EHLO x\0\r\n'],
    ['contains a bare CR', 'MAIL FROM:<a@b.example>\rRCPT TO:<c@d.example>\r\n'],
    ['is longer than 2048 bytes', `NOOP ${'x'.repeat(2100)}\r\n`],
    ['never ends', 'x'.repeat(20_000)],
  ]
  for (const [what, line] of bad) {
    it(`that ${what} ends the connection`, async () => {
      const client = await server().client()
      await client.write(line)
      expect(await client.reply()).toMatch(/^500 5\.5\.2 /)
      await client.untilClosed()
    })
  }

  it('without CRLF is not run when the client closes', async () => {
    const client = await server().client()
    await client.command('EHLO x')
    await client.write('MAIL FROM:<a@b.example>')
    client.end()
    expect(await client.reply()).toBe('')
  })

  it('may arrive byte by byte', async () => {
    const client = await server().client()
    await client.segments(...Array.from('EHLO slow.example\r\n'))
    expect(await client.reply()).toMatch(/^250-/)
    client.destroy()
  })
})

describe('trailing blanks', () => {
  it('are tolerated after every command (RFC 5321 §4.1.1)', async () => {
    const client = await server().client()
    const dialogue: [string, RegExp][] = [
      ['EHLO client.example \t', /^250-/],
      ['NOOP ', /^250 /],
      ['HELP ', /^214 /],
      ['VRFY x ', /^502 /],
      ['RSET \t ', /^250 /],
      ['MAIL FROM:<a@b.example> ', /^250 /],
      [`RCPT TO:<${world().address}>\t`, /^250 /],
      ['DATA ', /^354 /],
      ['Subject: x\r\n\r\ny\r\n.', /^250 /],
      ['HELO client.example ', /^250 /],
      ['STARTTLS ', /^220 /],
    ]
    for (const [command, reply] of dialogue) expect(await client.command(command)).toMatch(reply)
    client.destroy()
    const other = await server().client()
    expect(await other.command('QUIT ')).toMatch(/^221 /)
  })
})

describe('commands that are not for mail', () => {
  const cases: [string, RegExp][] = [
    ['VRFY postmaster', /^502 5\.5\.1 /],
    ['WIZ secret', /^500 /],
    ['SHELL', /^500 /],
    ['KILL', /^500 /],
    ['XFORWARD NAME=x', /^500 /],
    ['XCLIENT ADDR=192.0.2.1', /^550 5\.7\.0 /],
    ['AUTH PLAIN AGEAYg==', /^500 /],
    ['BDAT 10', /^500 /],
    ['HELP', /^214 2\.0\.0 /],
    ['EXPN list', /^500 /],
    ['EHLO', /^501 /],
    ['EHLO a b', /^501 /],
    ['RCPT TO:<a@b.example>', /^503 5\.5\.1 /],
    ['DATA', /^503 5\.5\.1 /],
    ['MAIL FROM: <a@b.example>', /^250 2\.1\.0 /],
    ['MAIL TO:<a@b.example>', /^(?:501|503) /],
  ]
  for (const [command, expected] of cases) {
    it(`${command} is answered ${expected.source}`, async () => {
      const client = await server().client()
      await client.command('EHLO x')
      expect(await client.command(command)).toMatch(expected)
      client.destroy()
    })
  }

  it('are limited per session', async () => {
    const client = await server().client()
    await client.write('NOOP\r\n'.repeat(600))
    const replies: string[] = []
    for (let reply = await client.reply(); reply !== ''; reply = await client.reply()) replies.push(reply.slice(0, 3))
    expect(replies.at(-1)).toBe('421')
    expect(replies.length).toBeLessThan(600)
  })

  it.each([
    ['the same recipient', () => `RCPT TO:<${world().address}>\r\n`],
    ['DATA out of order', () => 'DATA now\r\n'],
    ['MAIL out of order', () => 'MAIL FROM:<x@y.example>\r\n'],
  ])('count when they move no mail: %s', async (_what, command) => {
    const client = await server().client()
    await client.command('EHLO x')
    await client.command('MAIL FROM:<a@b.example>')
    await client.write(command().repeat(600))
    const replies: string[] = []
    for (let reply = await client.reply(); reply !== ''; reply = await client.reply()) replies.push(reply.slice(0, 3))
    expect(replies.at(-1)).toBe('421')
    expect(replies.length).toBeLessThan(110)
  })

  it('end the session of a browser', async () => {
    const client = await server().client()
    await client.write('POST / HTTP/1.1\r\nHost: mail\r\n\r\n')
    expect(await client.reply()).toMatch(/^421 /)
    await client.untilClosed()
  })

  it('end the session after ten unknown commands', async () => {
    const client = await server().client()
    await client.write('FOO\r\n'.repeat(10))
    const replies: string[] = []
    for (let reply = await client.reply(); reply !== ''; reply = await client.reply()) replies.push(reply.slice(0, 3))
    expect(replies.at(-1)).toBe('421')
  })
})

describe('pipelining', () => {
  it('answers each command in order', async () => {
    const client = await server().client()
    await client.command('EHLO x')
    await client.write(
      `MAIL FROM:<a@b.example>\r\nRCPT TO:<${world().address}>\r\nRCPT TO:<nobody@${world().domain.name}>\r\nDATA\r\n`,
    )
    const codes = [await client.reply(), await client.reply(), await client.reply(), await client.reply()]
    expect(codes.map((reply) => reply.slice(0, 3))).toEqual(['250', '250', '550', '354'])
    expect(await client.command('Subject: x\r\n\r\ny\r\n.')).toMatch(/^250 /)
    client.destroy()
  })

  it('accepts the first hundred of 5,000 recipients, while others are served', async () => {
    const client = await server().client()
    await client.command('EHLO x')
    await client.command('MAIL FROM:<a@b.example>')
    const rcpts = Array.from({ length: 5000 }, (_, index) => `RCPT TO:<user+${index}@${world().domain.name}>\r\n`)
    void client.write(rcpts.join(''))
    const other = await server().client()
    expect(await other.send(world().address, makeMessage('meanwhile'))).toMatch(/^250 /)
    const codes = new Map<string, number>()
    for (let index = 0; index < 5000; index += 1) {
      const code = (await client.reply()).slice(0, 9)
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect(Object.fromEntries(codes)).toEqual({ '250 2.1.5': 100, '452 4.5.3': 4900 })
    client.destroy()
    other.destroy()
  })
})

describe('one connection', () => {
  it('may send several messages, and RSET discards the current one', async () => {
    const client = await server().client()
    expect(await client.send(world().address, makeMessage('first'))).toMatch(/^250 /)
    await client.command('MAIL FROM:<a@b.example>')
    expect(await client.command('MAIL FROM:<a@b.example>')).toMatch(/^503 5\.5\.1 /)
    expect(await client.command('RSET')).toMatch(/^250 /)
    expect(await client.send(world().address, makeMessage('second'))).toMatch(/^250 /)
    expect(await client.command('QUIT')).toMatch(/^221 2\.0\.0 /)
    await client.untilClosed()
    const subjects = (await messagesOf(server().database, world().mailbox.id)).map((row) => row.subject)
    expect(subjects.slice(-2)).toEqual(['first', 'second'])
  })
})
