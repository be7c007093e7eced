import { describe, expect, it } from 'vitest'
import { certificate, type DeliverOptions, results, SOON, useDeliveryBench } from './support/delivery.ts'

const bench = useDeliveryBench()
const TO = ['a@remote.test']
const DELIVERED = { a: 'delivered 250 2.0.0 queued' }
const name = 'mx1.remote.test'
const required: DeliverOptions = { tls: { route: 'required' } }
const enforced: DeliverOptions = { tls: { sts: { mode: 'enforce', mx: [name], maxAgeSeconds: 1000 } } }

describe('O21 opportunistic TLS', () => {
  it.each([
    ['nobody to trust it', () => certificate(name)],
    ['another name', () => certificate('other.test')],
    ['an end in the past', () => certificate(name, { expired: true })],
  ])('encrypts with a certificate that has %s', async (_, make) => {
    const mx = await bench().mx({ tls: await make() })
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual(DELIVERED)
    expect(mx.connections).toMatchObject([{ isSecure: true, serverName: name }])
    expect(report.tries[0]?.tls).toMatchObject({
      by: 'opportunity',
      level: 'encrypted',
      protocol: 'TLSv1.3',
      failure: null,
    })
  })

  it('says so when the certificate proves the name all the same', async () => {
    const tls = await certificate(name)
    bench().trust = [tls.cert]
    await bench().mx({ tls })
    expect((await bench().deliver(TO)).tries[0]?.tls).toMatchObject({ level: 'verified', problem: null })
  })

  it('goes on in clear text where STARTTLS is refused', async () => {
    const mx = await bench().mx({ tls: await certificate(name), starttls: '454 4.7.0 no TLS now' })
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual(DELIVERED)
    expect(report.tries[0]?.tls).toMatchObject({ level: 'clear', failure: 'starttls-not-supported' })
    expect(mx.connections).toHaveLength(1)
  })

  it('connects again, once and without TLS, when the handshake fails, and says so', async () => {
    const mx = await bench().mx({ tls: {} })
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual(DELIVERED)
    expect(mx.connections).toHaveLength(2)
    expect(mx.connections[1]?.commands).not.toContain('STARTTLS')
    expect(report.tries).toHaveLength(1)
    expect(report.tries[0]).toMatchObject({
      handshakeFailed: true,
      tls: { level: 'clear', failure: 'validation-failure' },
    })
    const said = report.tries[0]?.conversation ?? []
    expect(said.findIndex((line) => line.startsWith('(No TLS: '))).toBe(said.indexOf('> STARTTLS') + 2)
    expect(said.filter((line) => line.startsWith('< 220'))).toHaveLength(3)
    // That connection serves further mail.
    await bench().deliver(TO)
    expect(mx.connections).toHaveLength(2)
  })

  it('connects again when the handshake hangs', async () => {
    const mx = await bench().mx({
      tls: await certificate(name),
      starttls: Buffer.from('220 hold on\r\n'),
      upgrades: false,
    })
    bench().timeouts = { ...bench().timeouts, handshake: SOON }
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual(DELIVERED)
    expect([mx.connections.length, report.tries[0]?.handshakeFailed]).toEqual([2, true])
  })

  it('is not tried while the site is remembered as one without', async () => {
    const mx = await bench().mx({ tls: await certificate(name) })
    await bench().deliver(TO, { tls: { clearRemembered: true } })
    expect(mx.commands).not.toContain('STARTTLS')
  })

  it('forgets what was offered before, and asks again', async () => {
    const mx = await bench().mx({
      tls: await certificate(name),
      ehlo: (connection) =>
        connection.isSecure ? '250 remote.test' : '250-remote.test\r\n250-DSN\r\n250-SIZE 1\r\n250 STARTTLS',
    })
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual(DELIVERED)
    expect(report.tries[0]?.dsn).toBe(false)
    expect(mx.commands.filter((line) => line.startsWith('EHLO'))).toHaveLength(2)
  })
})

describe('text in front of TLS (CVE-2021-38371)', () => {
  it.each(['220 go on\r\n250 injected\r\n', '220 go on\r\n25'])('ends the session: %j', async (text) => {
    const mx = await bench().mx({ tls: await certificate(name), starttls: Buffer.from(text) })
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual({
      a: 'deferred 451 4.7.5 Text came with the reply to STARTTLS, in front of TLS',
    })
    // Whoever can write into it gets no clear text for it.
    expect(mx.connections).toHaveLength(1)
    expect(mx.commands.some((line) => line.startsWith('MAIL'))).toBe(false)
  })
})

describe('O22 required TLS', () => {
  it.each([
    ['is not offered', {}, '451 4.7.5 The mail server offers no TLS, which is required'],
    ['is refused', { starttls: '454 4.7.0 no TLS now' }, '451 4.7.5 The mail server offers no TLS, which is required'],
    ['fails', { tls: {} }, '451 4.7.5 TLS could not be started'],
  ])('that %s: no mail in clear text, ever', async (_, script, reply) => {
    const tls = 'starttls' in script ? await certificate(name) : undefined
    const mx = await bench().mx({ ...(tls === undefined ? {} : { tls }), ...script })
    for (const options of [required, enforced]) {
      const report = await bench().deliver(TO, options)
      expect(results(report)).toEqual({ a: `deferred ${reply}` })
      expect(report.exhausted).toBe(false)
    }
    expect(mx.commands.some((line) => line.startsWith('MAIL'))).toBe(false)
  })

  it.each([
    ['the wrong name', () => certificate('other.test'), 'certificate-host-mismatch'],
    ['an end in the past', () => certificate(name, { expired: true }), 'certificate-expired'],
  ])('by a policy is not met by a certificate with %s', async (_, make, failure) => {
    const tls = await make()
    bench().trust = [tls.cert]
    const mx = await bench().mx({ tls })
    const report = await bench().deliver(TO, enforced)
    expect(results(report)).toEqual({ a: 'deferred 451 4.7.5 The identity of the mail server could not be verified' })
    expect(report.tries[0]?.tls).toMatchObject({ by: 'mta_sts', failure })
    expect(mx.commands.some((line) => line.startsWith('MAIL'))).toBe(false)
  })

  it('by a policy is not met by a certificate that nobody trusts', async () => {
    await bench().mx({ tls: await certificate(name) })
    const report = await bench().deliver(TO, enforced)
    expect(report.tries[0]?.tls).toMatchObject({ failure: 'certificate-not-trusted' })
    expect(report.recipients[0]?.result.kind).toBe('deferred')
  })

  it('skips hosts that fail and hosts that the policy does not name', async () => {
    const tls = await certificate('mx3.remote.test')
    bench().trust = [tls.cert]
    const [first, second, third] = [
      await bench().mx(),
      await bench().mx({ tls: await certificate('mx2.remote.test') }),
      await bench().mx({ tls }),
    ]
    const sts = { mode: 'enforce', mx: ['mx2.remote.test', 'mx3.remote.test'], maxAgeSeconds: 1000 } as const
    const report = await bench().deliver(TO, { tls: { sts } })
    expect(results(report)).toEqual(DELIVERED)
    expect([first.connections.length, second.messages.length, third.messages.length]).toEqual([0, 0, 1])
    expect(report.recipients[0]?.by?.tls).toMatchObject({ by: 'mta_sts', level: 'verified', failure: null })
  })

  it('by a policy that names none of the hosts says nothing of the site', async () => {
    await bench().mx()
    const sts = { mode: 'enforce', mx: ['*.elsewhere.test'], maxAgeSeconds: 1000 } as const
    const report = await bench().deliver(TO, { tls: { sts } })
    expect(results(report)).toEqual({ a: "deferred 451 4.7.5 The mail server is not in the domain's MTA-STS policy" })
    expect(report).toMatchObject({ exhausted: false, tries: [{ signals: [] }] })
  })

  it('does not use a connection that another message has opened with less', async () => {
    const tls = await certificate(name)
    const mx = await bench().mx({ tls })
    await bench().deliver(TO)
    bench().trust = [tls.cert]
    expect((await bench().deliver(TO, enforced)).recipients[0]?.result.kind).toBe('deferred')
    expect(mx.connections).toHaveLength(2)
    expect(mx.messages).toHaveLength(1)
  })
})

describe('O23 a policy in testing', () => {
  it('holds nothing up, and what would have failed is counted', async () => {
    await bench().mx({ tls: await certificate('other.test') })
    const report = await bench().deliver(TO, { tls: { sts: { mode: 'testing', mx: [name], maxAgeSeconds: 1000 } } })
    expect(results(report)).toEqual(DELIVERED)
    expect(report.tries[0]?.tls).toMatchObject({ level: 'encrypted', failure: 'certificate-not-trusted' })
  })
})

describe('O25 an old server', () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const

  it('gets mail over its old TLS only if that is configured', async () => {
    const mx = await bench().mx({ tls: { ...(await certificate(name)), ...old } })
    const report = await bench().deliver(TO, { tls: { allowOldVersions: true } })
    expect(results(report)).toEqual(DELIVERED)
    expect(report.tries[0]?.tls).toMatchObject({ level: 'encrypted', protocol: 'TLSv1.1' })
    expect(report.tries[0]?.tls?.cipher).toMatch(/^TLS_/)
    expect(mx.connections).toHaveLength(1)
  })

  it('gets it in clear text else, and nothing where TLS is required', async () => {
    const mx = await bench().mx({ tls: { ...(await certificate(name)), ...old } })
    expect((await bench().deliver(TO)).tries[0]).toMatchObject({ handshakeFailed: true, tls: { level: 'clear' } })
    const report = await bench().deliver(TO, { tls: { route: 'required', allowOldVersions: true } })
    expect(results(report)).toEqual({ a: 'deferred 451 4.7.5 TLS could not be started' })
    expect(mx.messages).toHaveLength(1)
  })
})

describe('O26 a login', () => {
  const login = { username: 'user', password: 'secret pass', allowUnverified: false }
  const offers = ['AUTH LOGIN PLAIN']

  it('goes over TLS that proves the name', async () => {
    const tls = await certificate(name)
    bench().trust = [tls.cert]
    const mx = await bench().mx({ tls, offers, auth: '235 2.7.0 welcome' })
    const report = await bench().deliver(TO, { login, tls: { route: 'required', routeVerifies: true } })
    expect(results(report)).toEqual(DELIVERED)
    expect(mx.commands).toContain(`AUTH PLAIN ${Buffer.from('\0user\0secret pass').toString('base64')}`)
    expect(report.tries[0]?.conversation).toContain('> AUTH PLAIN ***')
    expect(JSON.stringify(report)).not.toContain(Buffer.from('secret pass').toString('base64').slice(0, 8))
  })

  it.each([
    ['clear text', () => Promise.resolve({})],
    ['TLS that proves nothing', async () => ({ tls: await certificate(name) })],
  ])('never goes over %s', async (_, script) => {
    const mx = await bench().mx({ ...(await script()), offers, auth: '235 2.7.0 welcome' })
    expect(results(await bench().deliver(TO, { login }))).toEqual({
      a: 'deferred 451 4.7.5 The password is not sent, as the smart host is not verified',
    })
    expect(mx.commands.filter((line) => /AUTH|MAIL/.test(line))).toEqual([])
  })

  it('goes over less where the route says so, with LOGIN too', async () => {
    const mx = await bench().mx({
      offers: ['AUTH=LOGIN'],
      auth: (_, line) =>
        line.startsWith('AUTH') ? '334 VXNlcm5hbWU6' : line === 'dXNlcg==' ? '334 UGFzc3dvcmQ6' : '235 ok',
    })
    expect(results(await bench().deliver(TO, { login: { ...login, allowUnverified: true } }))).toEqual(DELIVERED)
    expect(mx.commands).toContain(Buffer.from('secret pass').toString('base64'))
  })

  it.each([
    [offers, '535 5.7.8 wrong', 'deferred 535 5.7.8 wrong'],
    [[], '235 ok', 'deferred 451 4.7.0 The smart host offers no login that is known here'],
  ])('that fails gives no mail back', async (offered, auth, expected) => {
    await bench().mx({ offers: offered, auth })
    expect(results(await bench().deliver(TO, { login: { ...login, allowUnverified: true } }))).toEqual({ a: expected })
  })
})
