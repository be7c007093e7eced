/** Who sent a message is found out before the 250, and what its author's domain asks for is done. */
import { answerFrom, type DnsScript } from '@mairust/dns/testing'
import { createSigningKey, type DmarcOverride, sign, type SigningKey } from '@mairust/mail-core/auth'
import { listFolders } from '@mairust/db/queries/folder'
import { makeAlias, makeDomain, makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { eventually, journeyIn, journeysOf, messagesOf } from './support/server.ts'
import { useServerOn } from './support/suite.ts'

let key: SigningKey
const zones: Record<string, string[]> = {
  'x.example TXT': ['v=spf1 ip4:192.0.2.1 -all'],
  '_dmarc.x.example TXT': ['v=DMARC1; p=reject'],
  '_dmarc.q.example TXT': ['v=DMARC1; p=quarantine'],
  '_dmarc.k.example TXT': ['v=DMARC1; p=reject'],
  '_dmarc.n.example TXT': ['v=DMARC1; p=none'],
  'fail.example TXT': ['v=spf1 -all'],
  'evil.example TXT': ['v=spf1 +all'],
}
beforeAll(async () => {
  const made = await createSigningKey('ed25519-sha256')
  key = { ...made, domain: 'x.example', selector: 's' }
  zones['s._domainkey.x.example TXT'] = [made.record]
})

/** Names under these have name servers in trouble. */
const TROUBLE: Readonly<Record<string, DnsScript>> = {
  'silent.example': () => null,
  'broken.example': () => ({ rcode: 2 }),
  'refusing.example': () => ({ rcode: 5 }),
  'garbled.example': () => Buffer.from('no DNS at all'),
  'lying.example': ({ packet }) => ({ id: packet.id, questions: [{ type: 'TXT', name: 'other.example' }], rcode: 3 }),
  '_domainkey.k.example': () => null,
  'cut.example': ({ transport }) => (transport === 'udp' ? { flags: 0x0200 } : null),
}
const asked: string[] = []
const dns: DnsScript = (query) => {
  asked.push(`${query.type} ${query.name}`)
  const trouble = Object.entries(TROUBLE).find(([name]) => query.name.toLowerCase().endsWith(name))
  return trouble === undefined ? answerFrom(zones)(query) : trouble[1](query)
}

withDatabases((database) => {
  const env = { MAIRUST_SMTP__TRUSTED_XCLIENT: '127.0.0.1/32' }
  const { server, world } = useServerOn(database, { env, dns })

  /** Sends a message as a client of this address does. */
  async function send(message: string | Buffer, { ip = '192.0.2.1', from = 'bounce@x.example' } = {}): Promise<string> {
    const client = await server().client()
    await client.command(`XCLIENT ADDR=${ip.includes(':') ? `IPV6:${ip}` : ip}`)
    const reply = await client.send(world().address, message, from)
    client.destroy()
    return reply
  }
  const stepsOf = async (reply: string) => {
    const [journey] = await journeysOf(database(), journeyIn(reply))
    return (journey?.steps ?? []).filter(({ kind }) => kind === 'authentication')
  }
  /** The newest message, its bytes, and the role of its folder. */
  async function newest() {
    const row = (await messagesOf(database(), world().mailbox.id)).at(-1)
    const folders = await listFolders(database().db, world().scope, world().mailbox.id)
    const stored = (await server().blobs.read(row?.blobKey ?? '')).toString('latin1')
    return { ...row, stored, folder: folders.find(({ id }) => id === row?.folderId)?.role }
  }
  const text = (from = 'me@x.example', more = '') => `From: ${from}\r\n${more}Subject: Hello\r\n\r\nGood day.`
  const ELSEWHERE = { ip: '198.51.100.9', from: 'bounce@evil.example' }

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
      const signed = sign(Buffer.from(body), { keys: [key], now: new Date() }) + body
      expect(await send(signed.slice(0, -2), ELSEWHERE)).toMatch(/^250 /)
      const { stored, authentication } = await newest()
      expect(authentication).toMatchObject({ spf: 'pass', dkim: 'pass', dmarc: 'pass' })
      expect(authentication?.checks?.[1]).toMatchObject({ domain: 'x.example', selector: 's' })
      expect(authentication?.checks?.[1]?.record).toContain('p=')
      expect(stored.match(/spf=pass/g)).toHaveLength(1)
      expect(stored).toContain('Authentication-Results: other.example; spf=fail\r\n')
    })

    it('passes by a signature over more than is kept in memory', async () => {
      const body = `${text()}\r\n${`${'x'.repeat(76)}\r\n`.repeat(40_000)}`
      const signed = sign(Buffer.from(body), { keys: [key], now: new Date() }) + body
      expect(await send(signed.slice(0, -2), ELSEWHERE)).toMatch(/^250 /)
      expect((await newest()).authentication).toMatchObject({ dkim: 'pass', dmarc: 'pass' })
      const changed = signed.replace(/xx\r\n$/, 'yx')
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

  describe('a recipient whose domain decides for itself', () => {
    const addressIn = async (dmarc: DmarcOverride | null) => {
      const { db } = database()
      const domain = await makeDomain(db, world().scope, { dmarc })
      return makeMailbox(db, world().scope, { domainId: domain.id, address: `box@${domain.name}` })
    }
    const domainIn = ({ address }: { address: string }): string => address.slice(address.lastIndexOf('@'))
    const ofDomain = (box: { address: string }, steps: Awaited<ReturnType<typeof stepsOf>>) =>
      steps
        .filter(({ name, recipient }) => name === 'policy' && recipient === domainIn(box))
        .map(({ result, detail, recipient }) => ({ result, detail, recipient }))
    const folderOf = async (mailboxId: string) => {
      const [row] = await messagesOf(database(), mailboxId)
      const folders = await listFolders(database().db, world().scope, mailboxId)
      return folders.find(({ id }) => id === row?.folderId)?.role
    }
    async function sendTo(...addresses: string[]): Promise<string> {
      const client = await server().client()
      await client.command('XCLIENT ADDR=198.51.100.9')
      const reply = await client.send(addresses, text(), ELSEWHERE.from)
      client.destroy()
      return reply
    }

    it.each([
      ['enforce', /^550 5\.7\.1 /, undefined],
      ['junk', /^250 /, 'junk'],
      ['off', /^250 /, 'inbox'],
    ] as const)('for %s', async (dmarc, reply, folder) => {
      const box = await addressIn(dmarc)
      expect(await sendTo(box.address)).toMatch(reply)
      expect(await folderOf(box.id)).toBe(folder)
    })

    it('gets it in Junk if another one’s domain takes what his refuses, and neither learns of the other', async () => {
      const [strict, lax] = [await addressIn('enforce'), await addressIn('off')]
      const reply = await sendTo(strict.address, lax.address)
      expect(reply).toMatch(/^250 /)
      expect([await folderOf(strict.id), await folderOf(lax.id)]).toEqual(['junk', 'inbox'])
      const policies = (await stepsOf(reply)).filter(({ name }) => name === 'policy')
      expect(policies.map(({ recipient, result }) => [recipient, result])).toEqual([
        [domainIn(strict), 'info'],
        [domainIn(lax), 'ok'],
      ])
    })

    it('gets the same step whoever else gets the message, and through an alias too', async () => {
      const [strict, lax] = [await addressIn('junk'), await addressIn('off')]
      const through = `list@${domainIn(strict).slice(1)}`
      const values = { domainId: strict.domainId, address: through, targets: [strict.address] }
      await makeAlias(database().db, world().scope, values)
      const alone = ofDomain(strict, await stepsOf(await sendTo(strict.address)))
      expect(alone).toMatchObject([{ result: 'info', recipient: domainIn(strict) }])
      for (const to of [[strict.address, lax.address], [lax.address, through], [through]]) {
        expect(ofDomain(strict, await stepsOf(await sendTo(...to)))).toEqual(alone)
      }
    })

    it.each([
      ['off', 'enforce', 'junk'],
      ['enforce', 'off', 'inbox'],
    ] as const)(
      'files by the domain of the mailbox: an alias elsewhere with %s, there %s',
      async (other, own, folder) => {
        const { db } = database()
        for (const isFirst of [true, false]) {
          const [there, box, lax] = [await addressIn(other), await addressIn(own), await addressIn('off')]
          const cross = `cross@${domainIn(there).slice(1)}`
          await makeAlias(db, world().scope, { domainId: there.domainId, address: cross, targets: [box.address] })
          const named = isFirst ? [cross, box.address] : [box.address, cross]
          const reply = await sendTo(...named, lax.address)
          expect(await folderOf(box.id)).toBe(folder)
          expect(ofDomain(box, await stepsOf(reply))).toMatchObject([{ result: folder === 'junk' ? 'info' : 'ok' }])
        }
      },
    )
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

  describe('a name server in trouble', () => {
    const domains = Object.keys(TROUBLE).filter((name) => !name.startsWith('_'))

    it.each(domains)('defers mail whose author is of %s', async (domain) => {
      expect(await send(text(`me@${domain}`), ELSEWHERE)).toMatch(/^451 4\.4\.3 .*\(jrn_[0-9a-z]{26}\)$/)
    })

    it.each(domains)('does not refuse mail for the SPF record of %s', async (domain) => {
      expect(await send(text('me@other.example'), { from: `me@${domain}` })).toMatch(/^250 /)
      expect((await newest()).authentication).toMatchObject({ spf: 'temperror', dmarc: 'none' })
    })

    it('defers what the missing key might have shown to be from its author', async () => {
      const body = `${text('me@k.example')}\r\n`
      const signed = sign(Buffer.from(body), { keys: [{ ...key, domain: 'k.example' }], now: new Date() }) + body
      expect(await send(signed.slice(0, -2), ELSEWHERE)).toMatch(/^451 4\.4\.3 /)
    })
  })

  it('a message with 500 signatures costs few look-ups', async () => {
    const signature = (n: number) =>
      `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=d${n}.example; s=s; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n`
    asked.length = 0
    expect(await send(Array.from({ length: 500 }, (_, n) => signature(n)).join('') + text('me@other.example'))).toMatch(
      /^250 /,
    )
    expect(asked.length).toBeLessThan(30)
    expect((await newest()).authentication?.checks).toHaveLength(8)
  })

  it('a user’s own mail is not verified', async () => {
    const client = await server().loggedIn(world().user)
    expect(await client.send(world().address, text(world().address), world().address)).toMatch(/^250 /)
    client.destroy()
    const { stored, authentication } = await newest()
    expect(authentication).toBeNull()
    expect(stored).not.toContain('Authentication-Results')
  })
})
