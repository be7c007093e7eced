/** Who sent a message is found out before the 250, and what its author's domain asks for is done. */
import { withDatabases } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import { eventually, messagesOf } from './support/server.ts'
import { ELSEWHERE, text, useVerification } from './support/verification.ts'

withDatabases((database) => {
  const { server, world, send, signed, stepsOf, newest } = useVerification(database)

  describe('a message from whom it says', () => {
    it('passes, and says so in its header, its row and its journey, with the records that decided', async () => {
      const reply = await send(text())
      expect(reply).toMatch(/^250 /)
      const { stored, authentication, folder } = await newest()
      expect(folder).toBe('inbox')
      expect(stored).toMatch(
        /^Return-Path: [^\r]*\r\nDelivered-To: [^\r]*\r\nAuthentication-Results: mx\.test\.example;\r\n spf=pass smtp\.mailfrom=x\.example;/,
      )
      expect(stored).toContain('dmarc=pass header.from=x.example')
      expect(authentication).toMatchObject({ spf: 'pass', dkim: 'none', dmarc: 'pass', arc: 'none' })
      expect(authentication?.checks?.map(({ method, domain, record }) => [method, domain, record])).toEqual([
        ['spf', 'x.example', 'v=spf1 ip4:192.0.2.1 -all'],
        ['dkim', null, null],
        ['dmarc', 'x.example', 'v=DMARC1; p=reject'],
        ['arc', null, null],
      ])
      const steps = await stepsOf(reply)
      expect(steps.map(({ name, result }) => `${name} ${result}`)).toEqual([
        'spf ok',
        'dkim info',
        'dmarc ok',
        'arc info',
        'policy ok',
      ])
      expect(steps[0]?.detail).toContain('v=spf1 ip4:192.0.2.1 -all')
    })

    it('passes by its signature alone, and loses results in our name that others wrote', async () => {
      const forged = [
        'Authentication-Results: mx.test.example; spf=pass\r\n',
        'Authentication-Results\r\n : mx.test.example; spf=pass\r\n',
        'Authentication-Results: mx(c).test . "example"; spf=pass\r\n',
      ].join('')
      const body = `${forged}${text('me@x.example', 'Authentication-Results: other.example; spf=fail\r\n')}\r\n`
      expect(await send(signed(body).slice(0, -2), ELSEWHERE)).toMatch(/^250 /)
      const { stored, authentication } = await newest()
      expect(authentication).toMatchObject({ spf: 'pass', dkim: 'pass', dmarc: 'pass' })
      expect(authentication?.checks?.[1]).toMatchObject({ domain: 'x.example', selector: 's' })
      expect(authentication?.checks?.[1]?.record).toContain('p=')
      expect(stored.match(/spf=pass/g)).toHaveLength(1)
      expect(stored).toContain('Authentication-Results: other.example; spf=fail\r\n')
    })

    it('passes by a signature over more than is kept in memory', async () => {
      const body = `${text()}\r\n${`${'x'.repeat(76)}\r\n`.repeat(40_000)}`
      const message = signed(body)
      expect(await send(message.slice(0, -2), ELSEWHERE)).toMatch(/^250 /)
      expect((await newest()).authentication).toMatchObject({ dkim: 'pass', dmarc: 'pass' })
      const changed = message.replace(/xx\r\n$/, 'yx')
      expect(await send(changed, ELSEWHERE)).toMatch(/^550 5\.7\.1 /)
    })
  })

  describe('a message that its author’s domain does not stand behind', () => {
    it('is refused with its journey when the domain says reject', async () => {
      const before = (await messagesOf(database(), world().mailbox.id)).length
      const reply = await send(text(), ELSEWHERE)
      expect(reply).toMatch(/^550 5\.7\.1 .*DMARC.*\(jrn_[0-9a-z]{26}\)$/)
      expect(await messagesOf(database(), world().mailbox.id)).toHaveLength(before)
      const steps = await eventually(async () => {
        const found = await stepsOf(reply)
        return found.length > 0 && found
      })
      expect(steps.at(-1)).toMatchObject({ name: 'policy', result: 'refused' })
    })

    it('goes to Junk with the reason when it says quarantine', async () => {
      const reply = await send(text('me@q.example'), ELSEWHERE)
      expect(reply).toMatch(/^250 /)
      const { folder, authentication } = await newest()
      expect([folder, authentication?.dmarc]).toEqual(['junk', 'fail'])
      expect(authentication?.junkReason).toMatch(/stands behind the message/)
      expect((await stepsOf(reply)).at(-1)?.detail).toMatch(/^filed in Junk: /)
    })

    it('arrives when it says none', async () => {
      expect(await send(text('me@n.example'), ELSEWHERE)).toMatch(/^250 /)
      expect(await newest()).toMatchObject({ folder: 'inbox', authentication: { dmarc: 'fail' } })
    })
  })

  it('SPF that fails refuses nothing alone', async () => {
    expect(await send(text('me@other.example'), { from: 'me@fail.example' })).toMatch(/^250 /)
    expect(await newest()).toMatchObject({ folder: 'inbox', authentication: { spf: 'fail', dmarc: 'none' } })
  })

  describe('a header that programs read differently', () => {
    it.each([
      ['two From fields', text('me@x.example', 'From: ceo@bank.example\r\n')],
      ['two From fields, one with a folded name', text('me@x.example', 'From\r\n : ceo@bank.example\r\n')],
    ])('with %s is refused', async (_, message) => {
      expect(await send(message)).toMatch(/^550 5\.6\.0 .*\(jrn_[0-9a-z]{26}\)$/)
    })

    it.each([
      ['no From field', 'Subject: x\r\n\r\nx', 'The message has no From field'],
      ['two Subjects', text('me@x.example', 'Subject: y\r\n'), 'The field Subject is repeated'],
      [
        'two authors, of whom one is hidden',
        text('Me <me@x.example> <ceo@bank.example>'),
        'Programs find different authors in the From field',
      ],
    ])('with %s goes to Junk with the reason, and DMARC does not pass', async (_, message, reason) => {
      expect(await send(message)).toMatch(/^250 /)
      const { folder, authentication } = await newest()
      expect([folder, authentication?.spf]).toEqual(['junk', 'pass'])
      expect(authentication?.dmarc).not.toBe('pass')
      expect([
        authentication?.junkReason,
        authentication?.checks?.find(({ method }) => method === 'dmarc')?.reason,
      ]).toContain(reason)
    })
  })

  it.each(['some words', '\ufeffX: y', 'From\u00a0: ceo@bank.example', '@: x'])(
    'a header whose first line %j is no field is indexed as it was verified, and as it is read later',
    async (first) => {
      const message = Buffer.from(`${first}\r\n${text('me@x.example')}`)
      expect(await send(message)).toMatch(/^250 /)
      const { authentication, fromAddress, subject, preview } = await newest()
      expect(authentication?.dmarc).toBe('pass')
      expect([fromAddress, subject, preview]).toEqual(['me@x.example', 'Hello', 'Good day.'])
    },
  )

  it('a user’s own mail is not verified', async () => {
    const client = await server().loggedIn(world().user)
    expect(await client.send(world().address, text(world().address), world().address)).toMatch(/^250 /)
    client.destroy()
    const { stored, authentication } = await newest()
    expect(authentication).toBeNull()
    expect(stored).not.toContain('Authentication-Results')
  })
})
