import { withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { textFile } from '../../testing/drafts.ts'
import { makeSentWorld, type SentWorld } from '../../testing/sent.ts'
import { getJourney } from '../journey/index.ts'
import { getMessage } from '../message/index.ts'
import { send } from './index.ts'

withDatabases((get) => {
  let d: SentWorld
  beforeEach(async () => {
    d = await makeSentWorld(get())
  })
  afterEach(() => d.close())

  const simple = (input: Partial<Parameters<typeof send>[1]> = {}) => ({
    from: d.address,
    to: ['ken@far.example'],
    subject: 'Hello',
    text: 'Hi.',
    ...input,
  })
  const refusal = (input: Partial<Parameters<typeof send>[1]>, as: ServiceContext = d.ctx) =>
    send(as, simple(input)).then(
      () => null,
      (error: unknown) => {
        if (!(error instanceof AppError)) throw error
        return [error.code, ...error.details.map(({ field, reason }) => `${field} ${reason}`)]
      },
    )
  describe('a message', () => {
    it('goes into mailboxes here at once, and to others through the queue, and its journey tells it', async () => {
      const here = await d.neighbour()
      const sent = await send(d.ctx, simple({ to: ['ken@far.example', here.address], bcc: ['Eve <eve@far.example>'] }))
      expect(sent).toMatchObject({
        status: 'partial',
        recipients: [
          { address: 'ken@far.example', status: 'queued', delivery_id: expect.stringMatching(/^dlv_/) as string },
          { address: here.address, status: 'delivered', delivery_id: null },
          { address: 'eve@far.example', status: 'queued' },
        ],
      })
      const rows = await d.deliveries({ journeyId: sent.journey_id })
      expect(rows.map(({ address, state, sender }) => [address, state, sender]).sort()).toEqual([
        ['eve@far.example', 'queued', d.address],
        ['ken@far.example', 'queued', d.address],
      ])
      const [copy] = await d.inFolder('inbox', here.address)
      expect(copy).toMatchObject({ subject: 'Hello', from: { address: d.address } })
      const journey = await getJourney(d.ctx, { id: sent.journey_id })
      expect(journey).toMatchObject({ direction: 'submission', status: 'partial', from: d.address })
      expect(journey.steps.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['connect', 'auth', 'mail', 'rcpt', 'data', 'store', 'end']),
      )
    })

    it('is complete, and names no blind recipient and no client', async () => {
      const here = await d.neighbour()
      await send(
        d.ctx,
        simple({
          to: [here.address],
          bcc: ['eve@far.example'],
          in_reply_to: '<q@example.com>',
          references: ['<p@example.com>', '<q@example.com>'],
          headers: [{ name: 'X-Mood', value: 'calm' }],
          html: '<p>Hi.</p>',
          attachments: [textFile('a.txt', 'file')],
        }),
      )
      const [copy] = await d.inFolder('inbox', here.address)
      const raw = await d.rawOf(copy?.id)
      expect(raw).toMatch(/^Return-Path: <.*>\r\nDelivered-To: .*\r\nReceived: by mail.example.com with HTTP id\s+jrn_/)
      expect(raw).toMatch(/\r\nDate: /)
      expect(raw).toMatch(/\r\nMessage-ID: <[^>]+@mail.example.com>/i)
      expect(raw).toContain('X-Mood: calm')
      expect(raw).not.toMatch(/eve|bcc|192\.0\.2\.10/i)
      const opened = await getMessage(await d.world.as('tenant_admin'), { id: copy?.id ?? '' })
      expect(opened).toMatchObject({
        in_reply_to: 'q@example.com',
        references: ['p@example.com', 'q@example.com'],
        attachments: [{ filename: 'a.txt' }],
      })
    })

    it('is kept in Sent when asked for, with the blind recipients, in the conversation', async () => {
      const sent = await send(d.ctx, simple({ bcc: ['eve@far.example'], save_copy: true }))
      const copy = await getMessage(d.ctx, { id: sent.id })
      expect(copy).toMatchObject({ folder: 'sent', seen: true, bcc: [{ address: 'eve@far.example' }] })
      expect(copy.message_id).toBe(sent.message_id)
      await send(d.ctx, simple())
      expect(await d.inFolder('sent')).toHaveLength(1)
    })

    it('to oneself is in the inbox and in Sent', async () => {
      const sent = await send(d.ctx, simple({ to: [d.address], save_copy: true }))
      expect(sent.status).toBe('delivered')
      const [inbox, copies] = [await d.inFolder('inbox'), await d.inFolder('sent')]
      expect([inbox.length, copies.length]).toEqual([1, 1])
      expect(inbox[0]?.thread_id).toBe(copies[0]?.thread_id)
    })

    it('O16 has no line over 998 bytes, whatever its author writes', async () => {
      const sent = await send(
        d.ctx,
        simple({
          to: [(await d.neighbour()).address],
          text: 'x'.repeat(5000),
          html: `<p>${'日'.repeat(3000)}</p>`,
          subject: 's'.repeat(900),
          headers: [{ name: 'X-Long', value: 'word '.repeat(190).trim() }],
        }),
      )
      expect(sent.status).toBe('delivered')
      const [copy] = await d.inFolder('inbox', `neighbour@${d.domain}`)
      const lines = (await d.rawOf(copy?.id)).split('\r\n')
      expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(998)
    })
  })

  describe('a raw message', () => {
    const raw = (source: string) => ({
      from: d.address,
      to: ['ken@far.example', d.address],
      raw: Buffer.from(source, 'latin1').toString('base64'),
    })
    const sendRaw = (source: string) => send(d.ctx, raw(source))
    const rawRefusal = (source: string) =>
      send(d.ctx, raw(source)).then(
        () => null,
        (error: unknown) => (error instanceof AppError ? [error.code, error.details[0]?.field] : [error]),
      )
    const own = () => `From: Me <${d.address}>\r\n`

    it('goes as it is, completed, without Bcc, its line ends as they must be', async () => {
      await sendRaw(
        `${own()}To: a@b.example\nBcc: Eve <eve@far.example>\r\nSubject: raw\r\nX-Odd:  kept  as is\r\n\r\none\ntwo\r\n`,
      )
      const [copy] = await d.inFolder('inbox')
      const stored = await d.rawOf(copy?.id)
      expect(stored).toContain('\r\nX-Odd:  kept  as is\r\n')
      expect(stored.endsWith('\r\n\r\none\r\ntwo\r\n')).toBe(true)
      expect(stored).toMatch(/\r\nDate: .*\r\nMessage-ID: </)
      expect(stored).not.toMatch(/eve/)
      expect(stored.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    })

    it.each([
      ['a NUL', () => `${own()}\r\n\0\r\n`],
      ['a bare CR', () => `${own()}\r\nx\ry\r\n`],
      ['a line over 998 bytes', () => `${own()}\r\n${'x'.repeat(999)}\r\n`],
      ['two From fields', () => `${own()}${own()}\r\nx\r\n`],
      ['no From', () => 'Subject: x\r\n\r\nx\r\n'],
      ['a repeated Subject', () => `${own()}Subject: a\r\nSubject: b\r\n\r\nx\r\n`],
      ['a header line that is no field', () => `${own()}nonsense\r\n\r\nx\r\n`],
    ])('with %s is refused', async (_, source) => {
      expect(await rawRefusal(source())).toEqual(['VALIDATION_ERROR', 'raw'])
      expect(await d.objects()).toBe(0)
    })

    it('of another author is refused', async () => {
      expect(await rawRefusal('From: boss@elsewhere.example\r\n\r\nx\r\n')).toEqual(['FORBIDDEN', 'from'])
      expect(await rawRefusal(`${own()}Sender: boss@elsewhere.example\r\n\r\nx\r\n`)).toEqual(['FORBIDDEN', 'from'])
    })

    it('has none of the fields of a written one', async () => {
      expect(await refusal({ raw: 'RnJvbTogeA==', html: 'x', cc: [] })).toEqual([
        'VALIDATION_ERROR',
        'cc cannot be given beside `raw`',
        'subject cannot be given beside `raw`',
        'text cannot be given beside `raw`',
        'html cannot be given beside `raw`',
      ])
    })
  })

  describe('nothing is sent', () => {
    it('when one recipient cannot get it; all of them are named', async () => {
      const here = await d.neighbour()
      expect(
        await refusal({
          to: [here.address, `nobody@${d.domain}`],
          cc: ['ken@far.example'],
          bcc: [`noone@${d.domain}`],
        }),
      ).toEqual([
        'VALIDATION_ERROR',
        `to.1 nobody@${d.domain}: 550 5.1.1 No such mailbox here`,
        `bcc.0 noone@${d.domain}: 550 5.1.1 No such mailbox here`,
      ])
      expect(await d.inFolder('inbox', here.address)).toEqual([])
      expect(await d.objects()).toBe(0)
    })

    it('when there is no recipient, or too many', async () => {
      expect(await refusal({ to: [] })).toEqual(['VALIDATION_ERROR', 'to must name a recipient'])
      expect(await refusal({ to: undefined })).toEqual(['VALIDATION_ERROR', 'to must name a recipient'])
      const many = Array.from({ length: 101 }, (_, at) => `r${at}@far.example`)
      expect(await refusal({ to: many })).toEqual([
        'VALIDATION_ERROR',
        'to names 101 recipients with cc and bcc; at most 100 can be',
      ])
    })

    it('as somebody else: another user, another domain, or without a mailbox', async () => {
      const error = ['FORBIDDEN', 'from is not an address that you may send from']
      expect(await refusal({ from: 'x@elsewhere.example' })).toEqual(error)
      expect((await refusal({}, await d.world.as('user')))?.[0]).toBe('FORBIDDEN')
      expect((await refusal({}, await d.world.as('tenant_admin')))?.[0]).toBe('FORBIDDEN')
      expect(await d.objects()).toBe(0)
    })

    it('beyond a limit, which is named with when it begins anew', async () => {
      const { config } = d.ctx
      const outbound = {
        ...config.outbound,
        rate_limits: { ...config.outbound.rate_limits, per_user: { hourly: 2, daily: 0 } },
      }
      const ctx = { ...d.ctx, config: { ...config, outbound } }
      await send(ctx, simple({ to: ['a@far.example', 'b@far.example'] }))
      const stored = await d.objects()
      const refused = await send(ctx, simple()).catch((error: unknown) => error)
      if (!(refused instanceof AppError)) throw new Error('it was sent')
      expect(refused.code).toBe('RATE_LIMITED')
      expect(refused.message).toMatch(
        /^You may send to 2 recipients an hour, and 0 are left; try again after .* UTC\.$/,
      )
      expect(refused.retryAfter).toBeGreaterThan(0)
      expect(await d.objects()).toBe(stored)
      // Mail within the server counts for nothing.
      expect((await send(ctx, simple({ to: [d.address] }))).status).toBe('delivered')
    })
  })

  describe('a header cannot be injected', () => {
    const EVIL = 'x\r\nBcc: evil@far.example\r\n\r\nbody'

    it('by names, subjects, fields and file names: what has control characters is refused, by its field', async () => {
      const file = { ...textFile('a', 'b'), filename: EVIL }
      const cases: [Partial<Parameters<typeof send>[1]>, string][] = [
        [{ subject: EVIL }, 'subject'],
        [{ from: { name: EVIL, address: d.address } }, 'from.name'],
        [{ to: [{ name: EVIL, address: 'a@far.example' }] }, 'to.0.name'],
        [{ to: [`a@far.example\r\nBcc: evil@far.example`] }, 'to.0'],
        [{ headers: [{ name: 'X-A', value: EVIL }] }, 'headers.0.value'],
        [{ headers: [{ name: 'X-A\r\nBcc', value: 'a' }] }, 'headers.0.name'],
        [{ headers: [{ name: 'Bcc', value: 'evil@far.example' }] }, 'headers.0.name'],
        [{ headers: [{ name: 'DKIM-Signature', value: 'v=1' }] }, 'headers.0.name'],
        [{ in_reply_to: EVIL }, 'in_reply_to'],
        [{ attachments: [file] }, 'attachments.0.filename'],
      ]
      for (const [input, field] of cases) {
        const [code, ...details] = (await refusal(input)) ?? []
        expect([code, details[0]?.split(' ')[0]]).toEqual(['VALIDATION_ERROR', field])
      }
    })

    it('by whatever else looks like one', async () => {
      const here = await d.neighbour()
      await send(
        d.ctx,
        simple({
          to: [{ name: '"; Bcc: evil@far.example, "', address: here.address }],
          subject: '=?utf-8?Q?x=0D=0ABcc:_evil@far.example?=',
          headers: [{ name: 'X-A', value: '\u2028Bcc: evil@far.example' }],
          text: '.\r\n.\r\nBcc: evil@far.example',
          attachments: [{ ...textFile('a', 'b'), filename: 'a"; name="/etc/passwd' }],
        }),
      )
      const [copy] = await d.inFolder('inbox', here.address)
      const opened = await getMessage(await d.world.as('tenant_admin'), { id: copy?.id ?? '' })
      expect(opened.bcc).toEqual([])
      expect(opened.headers.map(({ name }) => name.toLowerCase())).not.toContain('bcc')
      expect(opened.to).toHaveLength(1)
    })
  })
})
