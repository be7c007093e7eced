import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@mairust/log'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../src/metrics.ts'
import { RawClient } from './support/client.ts'
import { eventually, journeyIn, makeMessage } from './support/server.ts'
import { useServer } from './support/suite.ts'

const path = join(mkdtempSync(join(tmpdir(), 'mairust-log-')), 'lines')
const log = createLog({ level: 'info', format: 'json', component: 'mta', sync: true, fd: openSync(path, 'w') })
const metrics = createMetrics()
const { server, world } = useServer({ log, metrics })

type Line = Record<string, unknown>
/** The log lines of a transaction, once there are any. */
const linesOf = (id: string): Promise<Line[]> =>
  eventually(() => {
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    const found = lines.map((line) => JSON.parse(line) as Line).filter((line) => line['journey_id'] === id)
    return Promise.resolve(found.length > 0 && found)
  })

describe('the log', () => {
  it('has one line for an accepted transaction, with its refused recipients', async () => {
    const client = await server().client()
    await client.command('EHLO client.example')
    await client.command('MAIL FROM:<a@remote.example>')
    const unknown = `nobody@${world().domain.name}`
    const refusal = await client.command(`RCPT TO:<${unknown}>`)
    await client.command(`RCPT TO:<${world().address}>`)
    await client.command('DATA')
    const reply = await client.command(`${makeMessage('logged')}\r\n.`)
    client.destroy()
    expect(await linesOf(journeyIn(reply))).toEqual([
      {
        level: 'info',
        timestamp: expect.any(String) as string,
        component: 'smtp',
        message: 'SMTP transaction',
        request_id: journeyIn(reply),
        journey_id: journeyIn(reply),
        remote_addr: '127.0.0.1',
        direction: 'inbound',
        result: 'partial',
        from: 'a@remote.example',
        to: [world().address],
        refused: [{ address: unknown, reply: refusal, reason: 'unknown' }],
        recipients: 2,
        reply,
        size: expect.any(Number) as number,
        ms: expect.any(Number) as number,
      },
    ])
  })

  it('has one line for a transaction whose recipients were all refused, and counts them', async () => {
    const client = await server().client()
    await client.command('EHLO client.example')
    await client.command('MAIL FROM:<>')
    const reply = await client.command('RCPT TO:<a@foreign.example>')
    await client.command('QUIT')
    await client.untilClosed()
    expect(await linesOf(journeyIn(reply))).toMatchObject([
      { result: 'refused', from: '', to: [], refused: [{ address: 'a@foreign.example', reply }] },
    ])
    const counted = await metrics.refusedRecipients.get()
    expect(counted.values).toContainEqual({ labels: { listener: 'inbound', reason: 'foreign_domain' }, value: 1 })
  })

  it('has one line for a refused sender, without invisible characters', async () => {
    const client = await server().client()
    await client.command('EHLO client.example')
    const reply = await client.command('MAIL FROM:<a\u202eb@remote.example>')
    expect(reply).toMatch(/^501 /)
    expect(await linesOf(journeyIn(reply))).toMatchObject([{ result: 'refused', to: [], refused: [], reply }])
    client.destroy()
    expect(readFileSync(path, 'utf8')).not.toMatch(/\p{Cf}/u)
  })
})

describe('what keeps a client from any transaction', () => {
  /** The lines with this message, as soon as there are any. */
  const saying = (message: string): Promise<Line[]> =>
    eventually(() => {
      const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
      const found = lines.map((line) => JSON.parse(line) as Line).filter((line) => line['message'] === message)
      return Promise.resolve(found.length > 0 && found)
    })
  const about = { level: 'info', component: 'smtp', remote_addr: '127.0.0.1' }

  it('is logged: a login without TLS', async () => {
    const client = await RawClient.open(server().listener('submission').port)
    await client.command('EHLO laptop.example')
    expect(await client.command('AUTH PLAIN AGEAYg==')).toMatch(/^538 /)
    client.destroy()
    const [line] = await saying('A login was refused')
    expect(line).toMatchObject({ ...about, reason: 'no_tls', via: 'submission' })
    expect(line).not.toHaveProperty('account')
  })

  it('is ended: a client that goes on logging in without TLS, and the log says so once', async () => {
    const client = await RawClient.open(server().listener('submission').port)
    await client.command('EHLO laptop.example')
    for (let tries = 0; tries < 9; tries += 1) expect(await client.command('AUTH PLAIN AGEAYg==')).toMatch(/^538 /)
    while ((await client.command('AUTH PLAIN AGEAYg==')).startsWith('538 ')) continue
    await client.untilClosed()
    expect(await saying('A login was refused')).toHaveLength(1)
  })

  it('is logged: TLS that does not come about, once a minute for one client', async () => {
    const speakPlain = async () => {
      const client = await RawClient.open(server().listener('submissions').port, { greeting: false })
      await client.write('EHLO laptop.example\r\n')
      await client.untilClosed()
    }
    await speakPlain()
    await speakPlain()
    const client = await RawClient.open(server().listener('submission').port)
    await client.command('EHLO laptop.example')
    await client.command('STARTTLS')
    await client.write('MAIL FROM:<a@b.example>\r\n')
    await client.untilClosed()
    const lines = await eventually(async () => {
      const found = await saying('A TLS handshake failed')
      return found.length > 1 && found
    })
    expect(lines).toMatchObject([
      { ...about, listener: 'submissions', reason: expect.stringMatching(/^ERR_SSL_/) as string },
      { ...about, listener: 'submission', reason: expect.stringMatching(/^ERR_SSL_/) as string },
    ])
  })

  it('is logged: a limit on connections, once a minute for one client', async () => {
    const { smtp } = server().config
    Object.assign(server(), {
      config: { ...server().config, smtp: { ...smtp, limits: { ...smtp.limits, exempt: [], per_address: 1 } } },
    })
    const port = server().listener('inbound').port
    const first = await RawClient.open(port)
    for (let count = 0; count < 3; count += 1) {
      const refused = await RawClient.open(port, { greeting: false })
      expect(await refused.reply()).toMatch(/^421 4\.7\.0 /)
    }
    first.destroy()
    const lines = await saying('Connections of a client are turned away')
    expect(lines).toMatchObject([{ ...about, listener: 'inbound', reason: 'too_many_from_address' }])
  })
})
