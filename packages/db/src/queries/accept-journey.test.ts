import { UNNAMED } from '@mairust/mail-core/journey'
import { describe, expect, it } from 'vitest'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { makeUser, withDatabases } from '../testing/index.ts'
import { journeyParts, result, step } from '../testing/journey-parts.ts'
import { tenantScope } from './scope.ts'

withDatabases((get) => {
  const { newMailbox, record } = journeyParts(get)

  describe('journeys', () => {
    it('give each tenant only its own recipients and steps, in order', async () => {
      const [a, b] = [await newMailbox(), await newMailbox()]
      const steps = [step('mail'), step('a', 'a@x'), step('a’s box', 'box@x'), step('b', 'b@x'), step('data')]
      const recipients = [
        result(a.tenantId, 'a@x'),
        result(b.tenantId, 'b@x', 'refused'),
        { ...result(a.tenantId, 'a@x'), mailboxes: ['box@x'] },
      ]
      const { rows, of, recipients: count } = await record({ status: 'partial', steps, recipients })
      expect(of(a.tenantId)).toMatchObject({ status: 'accepted', recipients: ['a@x'], userId: null })
      expect(of(a.tenantId)?.steps.map(({ name }) => name)).toEqual(['mail', 'a', 'a’s box', 'data'])
      expect(of(b.tenantId)).toMatchObject({ status: 'refused' })
      expect(rows).toHaveLength(2)
      expect(count).toBe(2)
    })

    it('tell a tenant whose recipients were refused at RCPT nothing of the message, and each only of its own domains', async () => {
      const [a, b] = [await newMailbox(), await newMailbox()]
      const later = (kind: 'authentication' | 'store' | 'end', name: string, recipient: string | null = null) =>
        ({ ...step(name, recipient), kind, ms: 900, detail: '250 accepted' }) as const
      const steps = [
        { ...step('mail'), kind: 'mail' } as const,
        { ...step('b', 'b@y'), result: 'refused' } as const,
        step('a', 'a@x'),
        later('authentication', 'spf'),
        later('authentication', 'policy', '@x'),
        later('authentication', 'policy', '@y'),
        later('store', 'blob'),
        later('end', 'partial'),
      ]
      const refused = { ...result(b.tenantId, 'b@y', 'refused'), reply: '550 none' }
      const taken = { ...result(a.tenantId, 'a@x'), mailboxes: ['a@x'] }
      const { of } = await record({ status: 'partial', steps, recipients: [refused, taken] })
      const seen = (tenantId: string) => of(tenantId)?.steps.map(({ kind, recipient }) => [kind, recipient])
      expect(seen(b.tenantId)).toEqual([
        ['mail', null],
        ['rcpt', 'b@y'],
        ['end', null],
      ])
      expect(of(b.tenantId)?.steps.at(-1)).toMatchObject({
        name: 'refused',
        result: 'refused',
        detail: '550 none',
        ms: 1,
      })
      expect(seen(a.tenantId)).toEqual([
        ['mail', null],
        ['rcpt', 'a@x'],
        ['authentication', null],
        ['authentication', '@x'],
        ['store', null],
        ['end', null],
      ])
    })

    it('tell a sender no more of other tenants than the client was told', async () => {
      const [mine, theirs] = [await newMailbox(), await newMailbox()]
      const behind = (through: string) => ({ behind: { through, ownerRole: 'user' } })
      const off = { ...step('off@y', 'off@y'), result: 'refused', detail: 'alias_disabled' } as const
      const steps = [
        step('own@x', 'own@x'),
        { ...step('ann@x', 'ann@x'), ...behind('own@x') },
        step('list@y', 'list@y'),
        { ...step('boss@y', 'boss@y'), ...behind('list@y') },
        { ...step('gone@y', 'list@y'), ...behind('list@y') },
        { ...step('more', 'list@y'), ...behind('list@y') },
        // As they are recorded: escaped, and also of recipients that are not named.
        { ...step('boss@y', 'boss@y'), ...behind('"a\\\\b"@y') },
        { ...step('boss@y', 'boss@y'), ...behind('unnamed@y') },
        { ...step('ann@x', 'ann@x'), ...behind('"c\\\\d"@x') },
        off,
      ]
      const recipients = [
        { ...result(mine.tenantId, 'own@x'), mailboxes: ['ann@x'] },
        { ...result(theirs.tenantId, 'list@y'), mailboxes: ['boss@y'] },
        { ...result(theirs.tenantId, 'off@y', 'refused'), reason: 'alias_disabled' },
        result(theirs.tenantId, '"a\\b"@y'),
        result(mine.tenantId, '"c\\d"@x'),
      ]
      const { id: userId } = await makeUser(get().db, tenantScope(mine.tenantId))
      const { stored, of, reasons } = await record({ tenantId: mine.tenantId, userId, steps, recipients })
      // Where addresses lead is stored apart, as what is read of the others must not depend on it.
      expect(stored.flatMap((row) => row.steps).filter(({ behind: it }) => it !== undefined)).toEqual([])
      const shown = (tenantId: string) => of(tenantId)?.steps.map(({ name, detail }) => `${name} ${detail}`.trim())
      expect(shown(mine.tenantId)).toEqual(['own@x', 'ann@x', 'list@y', 'ann@x', 'off@y unknown'])
      expect(shown(theirs.tenantId)).toEqual(
        expect.arrayContaining(['list@y', 'boss@y', 'gone@y', 'more', 'off@y alias_disabled']),
      )
      expect(reasons(mine.tenantId)).toEqual(['', '', '', '', 'unknown'])
      expect(reasons(theirs.tenantId)).toEqual(['', '', 'alias_disabled'])
    })

    it('tell no tenant what the client was told last about recipients of others', async () => {
      const [a, b] = [await newMailbox(), await newMailbox()]
      const full = { ...result(a.tenantId, 'a@x', 'deferred'), reply: '452 full', reason: 'mailbox_full' }
      const none = { ...result(b.tenantId, 'b@x', 'refused'), reply: '550 none', reason: 'unknown' }
      const { of } = await record({ status: 'aborted', reply: '550 none', steps: [], recipients: [full, none] })
      expect([of(a.tenantId)?.reply, of(b.tenantId)?.reply]).toEqual(['452 full', '550 none'])
      const taken = { ...result(a.tenantId, 'a@x', 'refused'), reply: '550 bad content', reason: 'from_count' }
      const told = { status: 'refused', reply: '550 bad content', reason: 'from_count', steps: [] } as const
      const refused = await record({ ...told, recipients: [taken, none] })
      expect(refused.of(a.tenantId)).toMatchObject({ reply: '550 bad content', reason: 'from_count' })
      expect(refused.of(b.tenantId)).toMatchObject({ reply: '550 none', reason: '' })
    })

    it('tell no tenant that recipients of others had another result, or how many there were', async () => {
      const [a, b] = [await newMailbox(), await newMailbox()]
      const end = { ...step('partial'), kind: 'end' } as const
      const steps = [step('mail'), step('more recipients', UNNAMED), end]
      const both = [result(a.tenantId, 'a@x'), result(b.tenantId, 'b@x', 'refused')]
      const { of } = await record({ status: 'partial', steps, recipients: both })
      const shown = (tenantId: string) => of(tenantId)?.steps.map((each) => `${each.name} ${each.result}`)
      expect(shown(a.tenantId)).toEqual(['mail ok', 'accepted ok'])
      expect(shown(b.tenantId)).toEqual(['mail ok', 'refused refused'])
      const recipients = [result(a.tenantId, 'a@x'), result(a.tenantId, 'b@x', 'refused')]
      const alone = await record({ status: 'partial', steps, recipients })
      expect(alone.rows.map((row) => row.steps.map(({ name }) => name))).toEqual([
        ['mail', 'more recipients', 'partial'],
      ])
    })

    it('of a submission belong to the sender’s tenant with all recipients, wherever these are', async () => {
      const [a, b] = [await newMailbox(), await newMailbox()]
      const { id: userId } = await makeUser(get().db, tenantScope(a.tenantId))
      const { rows, of } = await record({
        tenantId: a.tenantId,
        userId,
        direction: 'submission',
        status: 'partial',
        steps: [step('b', 'b@x'), step('foreign', 'x@foreign.example')],
        recipients: [result(b.tenantId, 'b@x'), result(null, 'x@foreign.example', 'refused')],
      })
      expect(of(a.tenantId)).toMatchObject({ status: 'partial', userId, recipients: ['b@x', 'x@foreign.example'] })
      expect(of(a.tenantId)?.steps).toHaveLength(2)
      expect(of(b.tenantId)).toMatchObject({ status: 'accepted', userId: null, recipients: ['b@x'] })
      expect(of(b.tenantId)?.steps).toHaveLength(1)
      expect(rows).toHaveLength(2)
    })

    it('are stored for transactions without recipients', async () => {
      const { rows } = await record({ status: 'aborted', recipients: [] })
      expect(rows).toMatchObject([{ tenantId: SYSTEM_TENANT, status: 'aborted', recipients: [] }])
    })
  })
})
