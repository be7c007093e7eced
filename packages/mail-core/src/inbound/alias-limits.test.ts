import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Address, parseAddress } from '../address/index.ts'
import { memoryDirectory, type DirectoryContent } from '../testing/index.ts'
import { mailboxesBehind, resolveRecipient } from './index.ts'

function pathOf(text: string): Address {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(`bad test: ${parsed.problem}`)
  return parsed.value
}

async function delivered(text: string, content: DirectoryContent) {
  const decision = await resolveRecipient({ path: pathOf(text), size: null }, memoryDirectory(content))
  return decision.kind === 'accept' ? decision.deliveries.map(({ mailbox }) => mailbox.address) : decision.reason
}

describe('the limits of aliases', () => {
  const domains = [{ name: 'example.com' }]
  const mailboxes = [{ address: 'end@example.com' }]
  const chain = (length: number) =>
    Array.from({ length }, (_, index) => ({
      address: `a${index}@example.com`,
      targets: [index === length - 1 ? 'end@example.com' : `a${index + 1}@example.com`],
    }))

  it('follows at most ten aliases', async () => {
    expect(await delivered('a0@example.com', { domains, mailboxes, aliases: chain(10) })).toEqual(['end@example.com'])
    expect(await delivered('a0@example.com', { domains, mailboxes, aliases: chain(11) })).toBe('alias_too_large')
  })

  it('looks up a limited number of addresses', async () => {
    const targets = Array.from({ length: 5000 }, (_, index) => `t${index}@example.com`)
    const directory = memoryDirectory({ domains, aliases: [{ address: 'big@example.com', targets }] })
    const question = { path: pathOf('big@example.com'), size: null }
    expect(await resolveRecipient(question, directory)).toMatchObject({ kind: 'refuse' })
    expect(directory.calls()).toBeLessThan(1000)
  })

  it('still tells the mailboxes behind an alias that is too large, so that who may change it can be decided', async () => {
    const boxes = Array.from({ length: 300 }, (_, index) => ({ address: `box${index}@example.com` }))
    const aliases = [{ address: 'all@example.com', targets: boxes.map(({ address }) => address) }]
    const directory = memoryDirectory({ domains, mailboxes: boxes, aliases })
    const reached = await mailboxesBehind(pathOf('all@example.com'), 'tnt_test', directory)
    expect(reached.mailboxIds).toHaveLength(199)
    expect(reached.isTooLarge).toBe(true)
  })

  it('refuses an alias that is too large for all: to accept it for some would lose the copies of the others', async () => {
    const boxes = Array.from({ length: 300 }, (_, index) => ({ address: `box${index}@example.com` }))
    const team = (index: number) => ({
      address: `team${index}@example.com`,
      targets: boxes.slice(index * 100, (index + 1) * 100).map(({ address }) => address),
    })
    const all = (...targets: string[]) => ({ address: 'all@example.com', targets })
    const wide = [all('team0@example.com', 'team1@example.com', 'team2@example.com'), team(0), team(1), team(2)]
    expect(await delivered('all@example.com', { domains, mailboxes: boxes, aliases: wide })).toBe('alias_too_large')
    const deep = [all('end@example.com', 'a0@example.com'), ...chain(11)]
    expect(await delivered('all@example.com', { domains, mailboxes, aliases: deep })).toBe('alias_too_large')
    const aliasDomains = Array.from({ length: 12 }, (_, index) => ({
      name: `d${index}.example`,
      aliasOf: index === 11 ? 'example.com' : `d${index + 1}.example`,
    }))
    const through = {
      domains: [...domains, ...aliasDomains],
      mailboxes: [...mailboxes, { address: 'other@example.com' }],
      aliases: [all('other@example.com', 'end@d0.example')],
    }
    expect(await delivered('all@example.com', through)).toBe('alias_too_large')
  })

  it('counts an address that is named twice once', async () => {
    const boxes = Array.from({ length: 199 }, (_, index) => ({ address: `box${index}@example.com` }))
    const targets = [...boxes, ...boxes].map(({ address }) => address)
    const aliases = [{ address: 'all@example.com', targets }]
    expect(await delivered('all@example.com', { domains, mailboxes: boxes, aliases })).toHaveLength(199)
  })

  it('terminates for any graph of aliases, with each mailbox once', async () => {
    const names = ['a', 'b', 'c', 'd', 'box1', 'box2', '*']
    const edges = fc.uniqueArray(
      fc.record({
        address: fc.constantFrom('a', 'b', 'c', 'd', '*'),
        targets: fc.array(fc.constantFrom(...names), { maxLength: 4 }),
      }),
      { selector: ({ address }) => address },
    )
    await fc.assert(
      fc.asyncProperty(edges, fc.constantFrom('a', 'b', 'nothing', 'box1+x'), async (graph, start) => {
        const at = (name: string) => `${name}@example.com`
        const aliases = graph.map(({ address, targets }) => ({ address: at(address), targets: targets.map(at) }))
        const addresses = await delivered(at(start), {
          domains,
          mailboxes: [{ address: at('box1') }, { address: at('box2') }],
          aliases,
        })
        if (Array.isArray(addresses)) expect(new Set(addresses).size).toBe(addresses.length)
      }),
      { numRuns: 500 },
    )
  })
})
