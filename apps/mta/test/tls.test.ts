import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { generate } from 'selfsigned'
import { describe, expect, it } from 'vitest'
import { RawClient } from './support/client.ts'
import { makeMessage } from './support/server.ts'
import { useServer } from './support/suite.ts'

const { server, world } = useServer()

/** The common name of the certificate on the implicit TLS port. */
function subject(options: { maxVersion?: 'TLSv1.1' | 'TLSv1.2'; ciphers?: string } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      {
        port: server().listener('submissions').port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        minVersion: 'TLSv1',
        ...options,
      },
      () => {
        resolve(String(socket.getPeerCertificate().subject.CN))
        socket.destroy()
      },
    )
    socket.once('error', reject)
  })
}

describe('STARTTLS', () => {
  it('encrypts, resets the session, and is not offered again', async () => {
    const client = await server().client()
    await client.command('EHLO before.example')
    await client.command('MAIL FROM:<a@b.example>')
    expect(await client.startTls()).toMatch(/^220 /)
    expect(await client.command(`RCPT TO:<${world().address}>`)).toMatch(/^503 /)
    expect(await client.command('EHLO after.example')).not.toContain('STARTTLS')
    expect(await client.command('STARTTLS')).toMatch(/^503 /)
    expect(await client.send(world().address, makeMessage('secret'))).toMatch(/^250 /)
    expect(client.protocol).toBe('TLSv1.3')
    client.destroy()
  })

  it('discards what was sent before the handshake', async () => {
    for (const injected of ['MAIL FROM:<evil@b.example>\r\n', 'NOOP ', 'RSET\r\n'.repeat(500)]) {
      const client = await server().client()
      await client.command('EHLO x')
      await client.write(`STARTTLS\r\n${injected}`)
      expect(await client.reply()).toMatch(/^220 /)
      await client.handshake()
      expect(await client.command('EHLO after.example')).toMatch(/^250-mx\.test\.example\r\n/)
      expect(await client.command('MAIL FROM:<good@b.example>')).toMatch(/^250 /)
      client.destroy()
    }
  })

  it('takes no argument', async () => {
    const client = await server().client()
    await client.command('EHLO x')
    expect(await client.command('STARTTLS now')).toMatch(/^501 /)
    client.destroy()
  })

  it('survives a client that does not send a ClientHello', async () => {
    const client = await server().client()
    await client.command('EHLO x')
    await client.command('STARTTLS')
    await client.write('this is not a handshake\r\n')
    await client.untilClosed()
    const next = await server().client()
    expect(await next.command('NOOP')).toMatch(/^250 /)
    next.destroy()
  })
})

describe('the certificate', () => {
  it('is created on the first start, readable by the owner only', async () => {
    const { mode } = await stat(join(server().folder, 'data', 'tls', 'self-signed.key'))
    expect(mode & 0o777).toBe(0o600)
    expect(await subject()).toBe('mx.test.example')
  })

  it('can be replaced at runtime', async () => {
    const made = await generate([{ name: 'commonName', value: 'new.test.example' }], { keyType: 'ec' })
    server().smtp.setKeyPair({ cert: made.cert, key: made.private })
    expect(await subject()).toBe('new.test.example')
    const client = await server().client()
    await client.command('EHLO x')
    expect(await client.startTls()).toMatch(/^220 /)
    client.destroy()
  })

  it('is not offered over old TLS versions or weak ciphers', async () => {
    await expect(subject({ maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow(/protocol|version/i)
    await expect(subject({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' })).rejects.toThrow(/handshake/i)
    expect(await subject({ maxVersion: 'TLSv1.2' })).toBe('new.test.example')
  })
})

describe('the implicit TLS port', () => {
  it('speaks SMTP after the handshake', async () => {
    const client = await RawClient.open(server().listener('submissions').port, { tls: true, greeting: false })
    expect(await client.reply()).toMatch(/^220 /)
    expect(await client.command('EHLO x')).toContain('AUTH PLAIN LOGIN')
    client.destroy()
  })
})
