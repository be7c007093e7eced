import { describe, expect, it } from 'vitest'
import { address, contentOf, recipient, results, SOON, TEXT, useDeliveryBench } from './support/delivery.ts'

const bench = useDeliveryBench()
const TO = ['a@remote.test']

describe('O10 the greeting', () => {
  it('is answered with EHLO and our name, and with HELO only after a 5xx', async () => {
    const mx = await bench().mx({ ehlo: '502 5.5.1 what?' })
    expect(results(await bench().deliver(TO))).toEqual({ a: 'delivered 250 2.0.0 queued' })
    expect(mx.commands).toEqual([
      'EHLO mx.our.test',
      'HELO mx.our.test',
      'MAIL FROM:<sender@our.test>',
      'RCPT TO:<a@remote.test>',
      'DATA',
    ])
  })

  it('is not followed by HELO after a 4xx', async () => {
    const mx = await bench().mx({ ehlo: '451 4.3.0 later' })
    expect(results(await bench().deliver(TO))).toEqual({ a: 'deferred 451 4.3.0 later' })
    expect(mx.commands).not.toContain('HELO mx.our.test')
  })

  it('with 5xx leads to the next host', async () => {
    const [first, second] = [await bench().mx({ banner: '554 5.7.1 go away' }), await bench().mx()]
    expect(results(await bench().deliver(TO))).toEqual({ a: 'delivered 250 2.0.0 queued' })
    expect([first.messages.length, second.messages.length]).toEqual([0, 1])
    expect(first.commands).toEqual(['QUIT'])
  })

  it('with 5xx at every host bounces', async () => {
    for (const text of ['no mail here', 'nor here']) await bench().mx({ banner: `554 5.7.1 ${text}` })
    // It is about our address, so it is tried again a few times (O41).
    const report = await bench().deliver([recipient('a@remote.test', { rescues: 3 })])
    expect(results(report)).toEqual({ a: 'bounced 554 5.7.1 nor here' })
  })

  it('with 5xx at every host but one, which is only busy, defers', async () => {
    for (const banner of ['421 4.3.2 busy', '554 5.7.1 no mail here']) await bench().mx({ banner })
    expect(results(await bench().deliver(TO))).toEqual({ a: 'deferred 554 5.7.1 no mail here' })
  })
})

describe('O12 a reply after the final dot', () => {
  it.each(['close', 'reset'] as const)('counts although the connection ends a byte later (%s)', async (how) => {
    const mx = await bench().mx({
      end: (connection) => {
        connection.write('250 2.0.0 mine now\r\n2')
        setImmediate(() => connection[how]())
        return null
      },
    })
    expect(results(await bench().deliver(TO))).toEqual({ a: 'delivered 250 2.0.0 mine now' })
    expect(mx.messages).toHaveLength(1)
  })

  it('counts although more comes that nobody asked for; the connection is not used again', async () => {
    const mx = await bench().mx({ end: '250 2.0.0 mine now\r\n250 2.0.0 and again' })
    for (let index = 0; index < 2; index += 1) {
      expect(results(await bench().deliver(TO))).toEqual({ a: 'delivered 250 2.0.0 mine now' })
    }
    expect(mx.connections).toHaveLength(2)
  })

  it('counts when only its line end is missing', async () => {
    await bench().mx({
      end: (connection) => {
        connection.write('250 2.0.0 mine now')
        return connection.close()
      },
    })
    expect(results(await bench().deliver(TO))).toEqual({ a: 'delivered 250 2.0.0 mine now' })
  })

  it.each(['25', '250', '250-2.0.0 mine\r\n250-no'])('is no success when it was cut: %j', async (part) => {
    await bench().mx({
      end: (connection) => {
        connection.write(part)
        return connection.close()
      },
    })
    const report = await bench().deliver(TO)
    expect(report.recipients[0]?.result).toMatchObject({ kind: 'deferred', uncertain: true, tryNextHost: false })
  })

  it('is recorded before QUIT is said', async () => {
    const mx = await bench().mx()
    await bench().deliver(TO)
    expect(mx.commands).not.toContain('QUIT')
  })
})

describe('O13 replies', () => {
  it('survive with many lines, over-long lines and 8-bit text', async () => {
    const long = 'x'.repeat(3000)
    await bench().mx({ rcpt: Buffer.from(`550-5.1.1 Pas de boîte\r\n550-5.1.1 ${long}\r\n550 5.1.1 désolé\r\n`) })
    const [first] = (await bench().deliver(TO)).recipients
    expect(first?.result).toMatchObject({ kind: 'bounced', refusal: { reply: { code: 550, enhanced: '5.1.1' } } })
    const text = first?.result.kind === 'bounced' ? first.result.refusal.reply.text : ''
    expect(text).toBe(`Pas de boîte ${long} désolé`)
  })

  it('survive in Latin-1, with bare LF, and in single bytes', async () => {
    await bench().mx({
      rcpt: (connection) => {
        for (const byte of Buffer.from('550-5.1.1 Bo\xeete\n550 5.1.1 inconnue\n', 'latin1')) {
          connection.write(Buffer.from([byte]))
        }
        return null
      },
    })
    expect(results(await bench().deliver(TO))).toEqual({ a: 'bounced 550 5.1.1 Boîte inconnue' })
  })

  it.each([
    ['299 strange', 'delivered 299 strange'],
    ['499 strange', 'deferred 499 strange'],
    ['599 strange', 'bounced 599 strange'],
  ])('act by their first digit: %s', async (end, expected) => {
    await bench().mx({ end })
    expect(results(await bench().deliver(TO))).toEqual({ a: expected })
  })

  it.each(['hello there', '999 no', '12 short', '\u0000\u0001'])(
    'that are none are temporary trouble: %j',
    async (banner) => {
      await bench().mx({ banner })
      expect(results(await bench().deliver(TO))).toEqual({
        a: 'deferred 451 4.5.0 The mail server sent something that is no SMTP',
      })
    },
  )

  it('without an end do not fill our memory', async () => {
    const mx = await bench().mx({
      banner: (connection) => {
        const flood = (): void => {
          if (connection.isClosed) return
          connection.write(Buffer.alloc(64 * 1024, 'x'))
          setImmediate(flood)
        }
        flood()
        return null
      },
    })
    expect(results(await bench().deliver(TO))).toEqual({
      a: 'deferred 451 4.5.0 The mail server sent something that is no SMTP',
    })
    expect(mx.connections).toHaveLength(1)
  })
})

describe('O14 PIPELINING', () => {
  it('sends all commands in one write when it is offered', async () => {
    const mx = await bench().mx()
    await bench().deliver(['a@remote.test', 'b@remote.test'])
    // EHLO, and everything else.
    expect(mx.connections[0]?.segments).toBe(2)
  })

  it('waits for each reply when it is not', async () => {
    const mx = await bench().mx({ offers: ['8BITMIME'] })
    await bench().deliver(['a@remote.test', 'b@remote.test'])
    expect(mx.connections[0]?.segments).toBe(5)
  })

  it('matches replies in order', async () => {
    await bench().mx({ rcpt: (_, line) => (line.includes('b@') ? '550 5.1.1 not b' : '250 2.1.5 ok') })
    expect(results(await bench().deliver(['a@remote.test', 'b@remote.test', 'c@remote.test']))).toEqual({
      a: 'delivered 250 2.0.0 queued',
      b: 'bounced 550 5.1.1 not b',
      c: 'delivered 250 2.0.0 queued',
    })
  })

  it('forgets a message that came to nothing with RSET before the next', async () => {
    const mx = await bench().mx({ rcpt: (_, line) => (line.includes('b@') ? '550 5.1.1 not b' : '250 2.1.5 ok') })
    await bench().deliver(['b@remote.test'])
    await bench().deliver(['a@remote.test'])
    await bench().deliver(['a@remote.test'])
    expect(mx.connections).toHaveLength(1)
    expect(mx.commands.map((line) => line.split(' ')[0])).toEqual([
      'EHLO',
      'MAIL',
      'RCPT',
      'DATA',
      'RSET',
      'MAIL',
      'RCPT',
      'DATA',
      'MAIL',
      'RCPT',
      'DATA',
    ])
  })

  it('closes after 421, and does not use the connection again', async () => {
    const mx = await bench().mx({ rcpt: '421 4.3.2 closing' })
    expect(results(await bench().deliver(TO))).toEqual({ a: 'deferred 421 4.3.2 closing' })
    await bench().deliver(TO)
    expect(mx.connections).toHaveLength(2)
  })

  it('is not used again with a server that lies about it', async () => {
    const mx = await bench().mx({
      mail: (connection) => {
        connection.discard()
        return '250 2.1.0 ok'
      },
    })
    bench().timeouts = { ...bench().timeouts, rcpt: SOON }
    const first = await bench().deliver(TO)
    expect(results(first)).toEqual({ a: 'deferred 451 4.4.1 The mail server did not answer' })
    expect(results(await bench().deliver(TO))).toEqual({ a: 'delivered 250 2.0.0 queued' })
    expect(mx.messages).toHaveLength(1)
  })
})

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
