import { withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ServiceContext } from '../../context.ts'
import { textFile } from '../../testing/drafts.ts'
import { AppError } from '../../errors.ts'
import { makeSentWorld, refusalOf, type SentWorld, simpleMail } from '../../testing/sent.ts'
import { getJourney } from '../journey/index.ts'
import { getMessage } from '../message/index.ts'
import { send } from './index.ts'

withDatabases((get) => {
  let d: SentWorld
  beforeEach(async () => {
    d = await makeSentWorld(get())
  })
  afterEach(() => d.close())

  const simple = (input: Partial<Parameters<typeof send>[1]> = {}) => simpleMail(d, input)
  const refusal = (input: Partial<Parameters<typeof send>[1]>, as: ServiceContext = d.ctx) =>
    refusalOf(send(as, simple(input)))

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
})
