import { withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ServiceContext } from '../../context.ts'
import { textFile } from '../../testing/drafts.ts'
import { AppError } from '../../errors.ts'
import { makeSentWorld, refusalOf, type SentWorld, simpleMail } from '../../testing/sent.ts'
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
