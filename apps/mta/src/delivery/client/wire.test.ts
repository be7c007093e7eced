import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mailCommand, rcptCommand } from './commands.ts'
import { DotStuffing } from './dot-stuffing.ts'
import { NO_OFFERS, readOffers } from './offers.ts'
import { GarbledReply, ReplyReader } from './reply-reader.ts'

const chunksOf = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}
const cuts = fc.array(fc.nat(), { maxLength: 20 })

describe('a reply', () => {
  const read = (chunks: readonly Buffer[]): string[][] => {
    const reader = new ReplyReader()
    const replies: string[][] = []
    for (const chunk of chunks)
      reader.push(chunk, (lines) => replies.push(lines.map((line) => line.toString('latin1'))))
    return replies
  }

  it('is the same however its bytes are split', () => {
    const text = Buffer.from('220 hi\r\n250-a\r\n250-\xe4\xf6\r\nwrapped text\r\n250 end\r\n354\r\n', 'latin1')
    fc.assert(
      fc.property(cuts, (at) => {
        expect(read(chunksOf(text, at))).toEqual([
          ['220 hi'],
          ['250-a', '250-\xe4\xf6', 'wrapped text', '250 end'],
          ['354'],
        ])
      }),
    )
  })

  it('keeps 4,096 bytes of a line, and finds the end of a longer one', () => {
    const [[long] = [], next] = read([Buffer.from(`550 ${'x'.repeat(20_000)}\r\n250 ok\r\n`)])
    expect(long).toHaveLength(4096)
    expect(next).toEqual(['250 ok'])
  })

  it.each([
    ['a line that never ends', 'x'.repeat(70_000)],
    ['lines that never end', '250-x\r\n'.repeat(201)],
    ['no code', 'hello\r\n'],
    ['a code of two digits', '25 ok\r\n'],
  ])('is none with %s', (_, text) => {
    expect(() => read([Buffer.from(text)])).toThrow(GarbledReply)
  })

  it('that came before garbage counts', () => {
    const reader = new ReplyReader()
    const replies: number[] = []
    expect(() => reader.push(Buffer.from('250 ok\r\nx\r\n'), (lines) => replies.push(lines.length))).toThrow(
      GarbledReply,
    )
    expect(replies).toEqual([1])
  })

  it.each([
    ['250 ok', true],
    ['250-a\r\n250 ok', true],
    ['250', false],
    ['250-a', false],
    ['', false],
  ])('cut off after %j ends with the connection: %s', (text, whole) => {
    const reader = new ReplyReader()
    reader.push(Buffer.from(text), () => undefined)
    expect(reader.finish() !== null).toBe(whole)
  })
})

describe('O16 dot-stuffing', () => {
  it('doubles each dot at the start of a line, however the bytes are split', () => {
    const text = fc
      .array(fc.constantFrom('.', 'a', '\r\n', '..', '\r\n.', '.\r\n'), { maxLength: 200 })
      .map((all) => all.join(''))
    fc.assert(
      fc.property(text, cuts, (message, at) => {
        const stuffing = new DotStuffing()
        const sent = chunksOf(Buffer.from(message), at).flatMap((chunk) => stuffing.write(chunk))
        const whole = Buffer.concat([...sent, stuffing.end()]).toString()
        const ended = message === '' || message.endsWith('\r\n') ? message : `${message}\r\n`
        expect(whole).toBe(`${ended.replace(/(^|\r\n)\./g, '$1..')}.\r\n`)
      }),
    )
  })

  it('lets no server see an end in the middle, whatever it takes for one', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\n', '\r', '.', 'a'), { maxLength: 60 }), cuts, (all, at) => {
        const stuffing = new DotStuffing()
        const sent = chunksOf(Buffer.from(all.join('')), at).flatMap((chunk) => stuffing.write(chunk))
        expect(Buffer.concat(sent).toString()).not.toMatch(/\n\.[\r\n]/)
      }),
    )
  })
})

describe('offers', () => {
  it('are read in any case, with and without values', () => {
    const lines = ['250-mx', '250-size 1000', '250-Pipelining', '250-AUTH PLAIN', '250-AUTH=LOGIN', '250 8bitmime'].map(
      (line) => Buffer.from(line),
    )
    expect(readOffers(lines)).toEqual({
      ...NO_OFFERS,
      size: 1000,
      pipelining: true,
      eightBitMime: true,
      auth: new Set(['PLAIN', 'LOGIN']),
    })
  })

  it.each([
    ['SIZE', 0],
    ['SIZE 0', 0],
    ['SIZE lots', 0],
    ['DSN', null],
  ])('%s is a limit of %s', (line, size) => {
    expect(readOffers([Buffer.from('250-mx'), Buffer.from(`250 ${line}`)]).size).toBe(size)
  })
})

describe('commands', () => {
  const dsn = { ...NO_OFFERS, dsn: true }
  const someone = { localPart: 'a', domain: 'remote.test', literal: false }

  it('write addresses of other scripts in ASCII where they are no path (RFC 6533)', () => {
    const orcpt = { type: 'utf-8', address: '用+a@remote.test' }
    expect(rcptCommand({ address: someone, notify: null, orcpt }, dsn)).toBe(
      'RCPT TO:<a@remote.test> ORCPT=utf-8;\\x{7528}\\x{2B}a@remote.test',
    )
  })

  it('never contain a line end', () => {
    const sender = { ...someone, localPart: 'a\r\nRCPT TO:<b@x>' }
    const mail = { sender, size: 1, eightBit: false, smtpUtf8: false, ret: null, envid: null }
    expect(() => mailCommand(mail, dsn)).toThrow('control character')
    expect(mailCommand({ ...mail, sender: null, envid: 'a\r\nb' }, dsn)).toBe('MAIL FROM:<> ENVID=a+0D+0Ab')
  })
})
