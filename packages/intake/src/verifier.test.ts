import { answerFrom, type DnsScript, type ScriptedDnsServer, startDnsServer } from '@mairust/dns/testing'
import { afterEach, expect, it } from 'vitest'
import { createMessageVerifier, type MessageVerifier } from './index.ts'

const ZONES = {
  'x.example TXT': ['v=spf1 ip4:192.0.2.1 -all'],
  '_dmarc.x.example TXT': ['v=DMARC1; p=reject'],
}
const dns: DnsScript = (query) =>
  query.name.toLowerCase().endsWith('silent.example') ? null : answerFrom(ZONES)(query)

let nameServer: ScriptedDnsServer
let verifier: MessageVerifier
afterEach(() => Promise.all([verifier.close(), nameServer.close()]))

async function open(): Promise<void> {
  nameServer = await startDnsServer(dns)
  verifier = createMessageVerifier({ dns: { servers: [nameServer.address], timeout_ms: 5000 } })
}
const verify = (header: string, sender: string, from = 'me@x.example') =>
  verifier.verify(
    {
      body: Buffer.from(`${header}From: ${from}\r\nSubject: x\r\n\r\nx\r\n`),
      session: { ip: '192.0.2.1', helo: 'mx.example', reversePath: from },
      hostname: 'mx.test.example',
      now: Date.now(),
      trustedSealers: [],
    },
    sender,
  )
const signature = (name: string) =>
  `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${name}; s=s; h=from; bh=s14J+iztnrytnRYzb7lhFG/jS/vrxWJnnahfijFMnco=; b=AAAA\r\n`

/** Begins messages that wait, and counts those that have ended. */
function flood(count: number, begin: (n: number) => Promise<unknown>): { ended: number } {
  const seen = { ended: 0 }
  const end = () => (seen.ended += 1)
  for (let n = 0; n < count; n += 1) begin(n).then(end, end)
  return seen
}

it('messages that wait for silent name servers, however many, take no place from a newcomer', async () => {
  await open()
  const waiting = flood(500, (n) => verify('', `192.0.2.${n % 5}`, `me@n${n}.silent.example`))
  const found = await verify('', '198.51.100.1')
  expect([found.spf.result, found.dmarc.result]).toEqual(['pass', 'pass'])
  expect(waiting.ended).toBe(0)
})

it('signatures whose keys have silent name servers, however many, delay no look-up of others', async () => {
  await open()
  const keys = (n: number) => Array.from({ length: 10 }, (_, k) => signature(`k${k}.n${n}.silent.example`)).join('')
  const waiting = flood(100, (n) => verify(keys(n), '192.0.2.66'))
  for (let n = 0; n < 5; n += 1) {
    const found = await verify(signature(`d${n}.example`), `198.51.100.${n}`, `me@d${n}.example`)
    expect([found.spf.result, found.dkim.result]).toEqual(['none', 'neutral'])
  }
  expect(waiting.ended).toBe(0)
})
