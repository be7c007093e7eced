import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@mairust/log'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../src/metrics.ts'
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
        refused: [{ address: unknown, reply: refusal }],
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
