import { describe, expect, it } from 'vitest'
import { address, contentOf, recipient, results, TEXT, useDeliveryBench } from './support/delivery.ts'

const bench = useDeliveryBench()
const TO = ['a@remote.test']

describe('O15 what the server can take', () => {
  it('is told the size; larger than its limit is not sent', async () => {
    const mx = await bench().mx({ offers: ['SIZE 28'] })
    expect(results(await bench().deliver(TO))).toEqual({
      a: 'bounced 552 5.3.4 The message is larger than the mail server accepts',
    })
    expect(mx.commands).toEqual(['EHLO mx.our.test'])
  })

  it('has SIZE in MAIL', async () => {
    const mx = await bench().mx({ offers: ['SIZE'] })
    await bench().deliver(TO)
    expect(mx.commands).toContain(`MAIL FROM:<sender@our.test> SIZE=${TEXT.length}`)
  })

  it('gets 8-bit text with BODY=8BITMIME', async () => {
    const mx = await bench().mx({ offers: ['8BITMIME'] })
    await bench().deliver(TO, { message: { content: contentOf('Subject: x\r\n\r\nboîte\r\n') } })
    expect(mx.commands).toContain('MAIL FROM:<sender@our.test> BODY=8BITMIME')
    expect(mx.messages.map(String)).toEqual(['Subject: x\r\n\r\nboîte\r\n'])
  })

  it('never gets raw 8-bit text without it: the converted message, or none', async () => {
    const mx = await bench().mx({ offers: [] })
    const content = contentOf('Subject: x\r\n\r\nboîte\r\n')
    expect(results(await bench().deliver(TO, { message: { content } }))).toEqual({
      a: 'bounced 554 5.6.3 The mail server takes only 7-bit mail',
    })
    const converted = contentOf('Subject: x\r\n\r\nbo=C3=AEte\r\n')
    await bench().deliver(TO, { message: { content, sevenBit: () => Promise.resolve(converted) } })
    expect(mx.messages.map(String)).toEqual(['Subject: x\r\n\r\nbo=C3=AEte\r\n'])
  })
})

describe('O9 SMTPUTF8', () => {
  const utf8 = recipient('用户@remote.test')

  it('is asked for only when an address needs it', async () => {
    const mx = await bench().mx()
    await bench().deliver(TO)
    await bench().deliver([utf8])
    const mails = mx.commands.filter((line) => line.startsWith('MAIL'))
    expect(mails.map((line) => line.includes('SMTPUTF8'))).toEqual([false, true])
    expect(mx.commands).toContain('RCPT TO:<用户@remote.test>')
  })

  it('missing refuses that recipient alone', async () => {
    const mx = await bench().mx({ offers: [] })
    expect(results(await bench().deliver([utf8, 'a@remote.test']))).toEqual({
      用户: 'bounced 550 5.6.7 The mail server does not take addresses in other scripts',
      a: 'delivered 250 2.0.0 queued',
    })
    expect(mx.commands.filter((line) => line.startsWith('RCPT'))).toEqual(['RCPT TO:<a@remote.test>'])
  })
})

describe('O16 the message', () => {
  it.each([
    ['.\r\n', '..\r\n'],
    ['a\r\n.\r\nb\r\n', 'a\r\n..\r\nb\r\n'],
    ['..a\r\n.b', '...a\r\n..b\r\n'],
    ['', ''],
    ['no end', 'no end\r\n'],
    ['a\n.\nb\r\n', 'a\n..\nb\r\n'],
  ])('%j goes out as %j', async (text, sent) => {
    const mx = await bench().mx()
    expect(results(await bench().deliver(TO, { message: { content: contentOf(text) } }))).toEqual({
      a: 'delivered 250 2.0.0 queued',
    })
    expect(mx.connections[0]?.raw.map(String)).toEqual([sent])
  })

  it('of another length than announced is never finished', async () => {
    const mx = await bench().mx()
    const content = { ...contentOf(TEXT), size: TEXT.length + 1 }
    expect(results(await bench().deliver(TO, { message: { content } }))).toEqual({
      a: 'deferred 451 4.3.0 The message could not be read here',
    })
    expect(mx.messages).toEqual([])
  })

  it('that cannot be read is never finished', async () => {
    const mx = await bench().mx()
    const content = {
      ...contentOf(TEXT),
      // eslint-disable-next-line @typescript-eslint/require-await -- content is read asynchronously
      read: async function* () {
        yield Buffer.from(TEXT.slice(0, 10))
        throw new Error('the disk is gone')
      },
    }
    expect(results(await bench().deliver(TO, { message: { content } }))).toEqual({
      a: 'deferred 451 4.3.0 The message could not be read here',
    })
    expect(mx.messages).toEqual([])
  })

  it('of 4 MB arrives byte for byte', async () => {
    const mx = await bench().mx({ offers: ['PIPELINING'] })
    const text = Buffer.concat(
      Array.from({ length: 60 }, (_, index) => Buffer.alloc(70_000, `.${index}\r\n.\r\nline\r\n`)),
    )
    const content = contentOf(Buffer.concat([text, Buffer.from('\r\n')]))
    await bench().deliver(TO, { message: { content } })
    expect(mx.messages[0]?.equals(Buffer.concat([text, Buffer.from('\r\n')]))).toBe(true)
  })
})

describe('O17 recipients', () => {
  it('have results of their own', async () => {
    await bench().mx({
      rcpt: (_, line) => (line.includes('b@') ? '450 4.2.1 later' : line.includes('c@') ? '550 5.1.1 who?' : '250 ok'),
    })
    expect(results(await bench().deliver(['a@remote.test', 'b@remote.test', 'c@remote.test']))).toEqual({
      a: 'delivered 250 2.0.0 queued',
      b: 'deferred 450 4.2.1 later',
      c: 'bounced 550 5.1.1 who?',
    })
  })

  it('that are too many go again at once over the same connection, which is no failure', async () => {
    let taken = 0
    const mx = await bench().mx({
      rcpt: () => ((taken += 1) <= 2 ? '250 ok' : '452 4.5.3 too many recipients'),
      end: () => {
        taken = 0
        return '250 2.0.0 queued'
      },
    })
    const first = await bench().deliver(['a@remote.test', 'b@remote.test', 'c@remote.test'])
    expect(results(first)).toEqual({
      a: 'delivered 250 2.0.0 queued',
      b: 'delivered 250 2.0.0 queued',
      c: 'again',
    })
    expect(results(await bench().deliver(['c@remote.test']))).toEqual({ c: 'delivered 250 2.0.0 queued' })
    expect(mx.connections).toHaveLength(1)
    expect(mx.messages).toHaveLength(2)
  })

  it('a hundred go in one transaction', async () => {
    const mx = await bench().mx()
    const to = Array.from({ length: 100 }, (_, index) => `user${index}@remote.test`)
    const report = await bench().deliver(to)
    expect(new Set(Object.values(results(report)))).toEqual(new Set(['delivered 250 2.0.0 queued']))
    expect([mx.messages.length, mx.commands.filter((line) => line.startsWith('RCPT')).length]).toEqual([1, 100])
  })
})

describe('O18 refused recipients', () => {
  it.each([
    ['with PIPELINING', ['PIPELINING']],
    ['without', []],
  ])('all of them: no message, %s', async (_, offers) => {
    const mx = await bench().mx({ offers, rcpt: '550 5.1.1 who?' })
    expect(results(await bench().deliver(['a@remote.test', 'b@remote.test']))).toEqual({
      a: 'bounced 550 5.1.1 who?',
      b: 'bounced 550 5.1.1 who?',
    })
    // DATA went along: a lone dot ends it (RFC 2920 §3.1).
    expect(mx.messages.map(String)).toEqual(offers.length > 0 ? [''] : [])
    expect(mx.commands.includes('DATA')).toBe(offers.length > 0)
  })

  it('with a server that refuses MAIL and takes DATA all the same: no dot', async () => {
    const mx = await bench().mx({ mail: '550 5.7.1 not from you' })
    expect(results(await bench().deliver(TO))).toEqual({ a: 'bounced 550 5.7.1 not from you' })
    expect(mx.connections[0]?.raw).toEqual([])
  })
})

describe('O45 wishes for notices', () => {
  const wishes = { ret: 'hdrs', envid: 'QQ+31 4=5' } as const
  const to = recipient('a@remote.test', {
    notify: ['success', 'delay'],
    orcpt: { type: 'rfc822', address: 'b+c@x.test' },
  })

  it('are passed on where DSN is offered', async () => {
    const mx = await bench().mx({ offers: ['DSN'] })
    const report = await bench().deliver([to, recipient('n@remote.test', { notify: [] })], { message: wishes })
    expect(report.tries[0]?.dsn).toBe(true)
    expect(mx.commands.slice(1, 4)).toEqual([
      'MAIL FROM:<sender@our.test> RET=HDRS ENVID=QQ+2B31+204+3D5',
      'RCPT TO:<a@remote.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bc@x.test',
      'RCPT TO:<n@remote.test> NOTIFY=NEVER',
    ])
  })

  it('are not where it is not', async () => {
    const mx = await bench().mx({ offers: [] })
    const report = await bench().deliver([to], { message: { ...wishes, sender: null } })
    expect(report.tries[0]?.dsn).toBe(false)
    expect(mx.commands.slice(1, 3)).toEqual(['MAIL FROM:<>', 'RCPT TO:<a@remote.test>'])
  })
})

describe('the conversation', () => {
  it('is kept, safe to show, and bounded', async () => {
    await bench().mx({ rcpt: Buffer.from('550 5.1.1 \u001b[31mred\u202e\r\n') })
    const to = Array.from({ length: 90 }, (_, index) => recipient(`user${index}@remote.test`))
    const report = await bench().deliver(to)
    const lines = report.tries[0]?.conversation ?? []
    expect(lines).toContain('< 550 5.1.1 \\u{1b}[31mred\\u{202e}')
    expect(lines.length).toBeLessThanOrEqual(101)
    expect(lines.join('\n')).not.toContain('Good day')
    expect(lines.at(-1)).toBe('< 250 2.0.0 queued')
  })

  it('names the sender as it was given', async () => {
    const mx = await bench().mx()
    await bench().deliver(TO, { message: { sender: address('"a b"@our.test') } })
    expect(mx.commands).toContain('MAIL FROM:<"a b"@our.test> SIZE=29')
  })
})
