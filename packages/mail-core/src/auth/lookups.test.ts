import { createResolver, openLookups } from '@mairust/dns'
import { answerFrom, type DnsScript, startDnsServer } from '@mairust/dns/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { decidePolicy, sign, verify, type Verification } from './index.ts'
import { NOW } from './testing/check.ts'
import { keysFor, type TestKeys } from './testing/keys.ts'

// verify over real look-ups: our resolver and a name server in trouble.

let keys: TestKeys
beforeAll(async () => (keys = await keysFor('x.example')))
const MESSAGE = 'From: me@x.example\r\nSubject: Hello\r\n\r\nHello.\r\n'

async function verifyOver(message: string, script: DnsScript, timeoutMs = 5000): Promise<Verification> {
  const server = await startDnsServer(script)
  const lookups = openLookups(createResolver({ servers: [server.address], timeoutMs }))
  try {
    return await verify(Buffer.from(message), {
      session: { ip: '192.0.2.1', helo: 'mx.x.example', reversePath: 'me@x.example' },
      hostname: 'receiver.example',
      lookups,
      now: NOW,
      trustedSealers: [],
    })
  } finally {
    lookups.close()
    await server.close()
  }
}
/** Each answer is the one that the query before should have had. */
function late(): DnsScript {
  let before: number | undefined
  return ({ id }) => {
    const reply = before === undefined ? null : { id: before, rcode: 3 }
    before = id
    return reply
  }
}

const decide = (found: Verification) => decidePolicy(found, { enforce: true, override: null, defers: true })
const zones = (more = {}) => ({
  'x.example TXT': ['v=spf1 ip4:192.0.2.1 -all'],
  '_dmarc.x.example TXT': ['v=DMARC1; p=reject'],
  ...Object.fromEntries(Object.entries(keys.records).map(([name, text]) => [`${name} TXT`, [text] as string[]])),
  ...more,
})
const signed = () => sign(Buffer.from(MESSAGE), { keys: [keys.rsa, keys.ed25519], now: NOW }) + MESSAGE

it('a signed message passes everything', async () => {
  const found = await verifyOver(signed(), answerFrom(zones()))
  expect([found.spf.result, found.dkim.result, found.dmarc.result, found.arc.result]).toEqual([
    'pass',
    'pass',
    'pass',
    'none',
  ])
})

describe.each<[string, DnsScript]>([
  ['drops', () => null],
  ['fails', () => ({ rcode: 2 })],
  ['refuses', () => ({ rcode: 5 })],
  ['forges an id', ({ id }) => ({ id: id ^ 1, rcode: 3 })],
  ['answers another question', () => ({ rcode: 3, questions: [{ type: 'TXT', name: 'y.example', class: 'IN' }] })],
  ['truncates and closes', ({ transport }) => (transport === 'udp' ? { flags: 0x200, rcode: 3 } : null)],
  ['sends garbage', ({ id }) => Buffer.from([id >> 8, id & 255, 0x80, 3, 0, 1, 0, 9, 0, 0, 0, 0, 200, 200])],
  ['answers every question too late, when the next one comes', late()],
])('a name server that %s', (_, script) => {
  it('makes no verdict final', async () => {
    const found = await verifyOver(signed(), script, 60)
    expect([found.spf.result, found.dkim.result, found.dmarc.result]).toEqual(['temperror', 'temperror', 'temperror'])
    expect(decide(found)).toMatchObject({ action: 'tempfail', reply: { code: 451 } })
  })

  it('about one name only, the key, delays at most', async () => {
    const answer = answerFrom(zones({ 'x.example TXT': ['v=spf1 -all'] }))
    const found = await verifyOver(
      signed(),
      (query) => (query.name.includes('_domainkey') ? script(query) : answer(query)),
      400,
    )
    expect([found.spf.result, found.dkim.result, found.dmarc.result]).toEqual(['fail', 'temperror', 'temperror'])
    expect(decide(found).action).toBe('tempfail')
  })
})

it('a key at a name that DNS cannot hold does not exist, and delays nothing', async () => {
  const label = 'k'.repeat(60)
  const selector = [label, label, label, label].join('.')
  const message = signed().replaceAll(/ s=\w;/g, ` s=${selector};`)
  const found = await verifyOver(message, answerFrom(zones({ 'x.example TXT': ['v=spf1 -all'] })))
  expect(found.dkim.signatures.map(({ result }) => result)).toEqual(['neutral', 'neutral'])
  expect(decide(found).action).toBe('reject')
})
