import { sealMessage } from 'mailauth'
import { beforeAll, describe, expect, it } from 'vitest'
import { decidePolicy } from './index.ts'
import { check, NOW, type Txt } from './testing/check.ts'
import { keysFor, type TestKeys } from './testing/keys.ts'

let list: TestKeys
let relay: TestKeys
beforeAll(async () => {
  list = await keysFor('list.example')
  relay = await keysFor('relay.example')
})
const MESSAGE = 'From: me@x.example\r\nTo: all@list.example\r\nSubject: [list] Hello\r\n\r\nHello.\r\n'
const SESSION = { ip: '198.51.100.9', reversePath: 'bounce@list.example' }
const records = (more: Txt = {}): Txt => ({
  '_dmarc.x.example': 'v=DMARC1; p=reject',
  ...list.records,
  ...relay.records,
  ...more,
})

/** Adds the ARC set of one who hands the message on. */
async function seal(
  message: string,
  { rsa }: TestKeys,
  { saw, i, cv }: { saw: string; i: number; cv: string },
): Promise<string> {
  const header = await sealMessage(message, {
    signingDomain: rsa.domain,
    selector: rsa.selector,
    privateKey: rsa.privateKey,
    authResults: `${rsa.domain}; ${saw}`,
    signTime: NOW,
    cv,
    i,
  })
  return `${header.toString()}${message}`
}
const PASS = 'dmarc=pass header.from=x.example'
const FAIL = 'dmarc=fail header.from=x.example'
const once = (keys: TestKeys, saw = PASS) => seal(MESSAGE, keys, { saw, i: 1, cv: 'none' })
const twice = async (first: TestKeys, second: TestKeys, saws: readonly [string, string]) =>
  seal(await once(first, saws[0]), second, { saw: saws[1], i: 2, cv: 'pass' })

async function decide(message: string, trustedSealers: string[], zones = records()) {
  const found = await check(message, zones, { ...SESSION, trustedSealers })
  return {
    arc: found.arc,
    dmarc: found.dmarc.result,
    ...decidePolicy(found, { enforce: true, override: null, defers: true }),
  }
}

describe('a chain', () => {
  it('of a trusted sealer who saw DMARC pass overrides a failure', async () => {
    const decision = await decide(await once(list), ['List.Example'])
    expect(decision).toMatchObject({
      action: 'accept',
      dmarc: 'fail',
      arc: { result: 'pass', sealers: ['list.example'], vouchedBy: 'list.example' },
    })
    expect(decision.reason).toContain('list.example vouches for it')
  })

  it('of an unknown sealer overrides nothing', async () => {
    for (const trusted of [[], ['other.example'], ['example'], ['xlist.example'], ['sub.list.example']]) {
      const decision = await decide(await once(list), trusted)
      expect(decision).toMatchObject({ action: 'reject', arc: { result: 'pass', vouchedBy: null } })
    }
  })

  it('of a trusted sealer who saw DMARC fail overrides nothing', async () => {
    expect(await decide(await once(list, FAIL), ['list.example'])).toMatchObject({
      action: 'reject',
      arc: { result: 'pass' },
    })
    expect(await decide(await once(list, 'spf=pass'), ['list.example'])).toMatchObject({ action: 'reject' })
  })

  it('is believed only from its end: an untrusted sealer after a trusted one, or the other way round, proves nothing', async () => {
    const last = await twice(list, relay, [PASS, FAIL])
    expect(await decide(last, ['list.example'])).toMatchObject({
      action: 'reject',
      arc: { result: 'pass', sealers: ['list.example', 'relay.example'] },
    })
    expect(await decide(last, ['relay.example'])).toMatchObject({ action: 'reject' })
    expect(await decide(last, ['list.example', 'relay.example'])).toMatchObject({
      action: 'accept',
      arc: { vouchedBy: 'list.example' },
    })
  })

  it('that is broken overrides nothing', async () => {
    const changed = (await once(list)).replace('Hello.', 'Hullo.')
    expect(await decide(changed, ['list.example'])).toMatchObject({
      action: 'reject',
      arc: { result: 'fail', vouchedBy: null },
    })
  })

  it('whose key DNS fails to tell is no reason to refuse, if its sealer is trusted', async () => {
    const broken = records({ 'r._domainkey.list.example': 'trouble' })
    expect(await decide(await once(list), ['list.example'], broken)).toMatchObject({
      action: 'tempfail',
      arc: { result: 'temperror', mayVouch: true },
    })
    expect(await decide(await once(list), [], broken)).toMatchObject({
      action: 'reject',
      arc: { result: 'temperror', mayVouch: false },
    })
  })

  it('is not needed when DMARC passes', async () => {
    const zones = records({ 'x.example': 'v=spf1 ip4:198.51.100.9 -all' })
    const found = await check(MESSAGE, zones, { ...SESSION, reversePath: 'me@x.example' })
    expect([found.arc.result, found.dmarc.result]).toEqual(['none', 'pass'])
  })
})
