import { describe, expect, it } from 'vitest'
import { recipient, results, SOON, useDeliveryBench } from './support/delivery.ts'

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
