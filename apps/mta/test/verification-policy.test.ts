import { type DmarcOverride } from '@mairust/mail-core/auth'
import { makeAlias, makeDomain, makeMailbox, withDatabases } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import { ELSEWHERE, text, useVerification } from './support/verification.ts'

withDatabases((database) => {
  const { world, send, stepsOf, newestOf } = useVerification(database)

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
    const folderOf = async (mailboxId: string) => (await newestOf(mailboxId)).folder
    const sendTo = (...to: string[]) => send(text(), { ...ELSEWHERE, to })

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
})
