import { describe, expect, it } from 'vitest'
import { parseStsPolicy, stsRecordId } from '../outbound/index.ts'
import { compareRecord, expectedRecords, mtaStsPolicy, type RecordPurpose, zoneText } from './index.ts'

const KEY = `v=DKIM1; k=rsa; p=${'A'.repeat(390)}`
const SERVER = { domain: 'x.example', hostname: 'mail.y.example', addresses: ['192.0.2.7', '2001:db8::7'] }
const POLICY = mtaStsPolicy('testing', SERVER.hostname)
const RECORDS = expectedRecords({
  ...SERVER,
  verification: { name: '_mairust-verify.x.example', value: 'mairust-verify=t', isOpen: true },
  spf: 'v=spf1 mx a:mail.y.example -all',
  keys: [{ selector: 's', record: KEY, isSigning: true }],
  policy: POLICY,
})
const record = (purpose: RecordPurpose) => {
  const found = RECORDS.find((one) => one.purpose === purpose)
  if (found === undefined) throw new Error(`no ${purpose}`)
  return found
}
const status = (purpose: RecordPurpose, ...values: string[]) =>
  compareRecord(record(purpose), { kind: 'values', values }, { ...SERVER, isMx: true })

describe('the records of a domain', () => {
  it('are all that mail needs', () => {
    expect(RECORDS.map(({ purpose, type, name }) => `${purpose} ${type} ${name}`)).toEqual([
      'verification TXT _mairust-verify.x.example',
      'mx MX x.example',
      'spf TXT x.example',
      'dkim TXT s._domainkey.x.example',
      'dmarc TXT _dmarc.x.example',
      'mta_sts TXT _mta-sts.x.example',
      'mta_sts_host CNAME mta-sts.x.example',
      'tls_rpt TXT _smtp._tls.x.example',
      'ptr PTR 7.2.0.192.in-addr.arpa',
      'ptr PTR 7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    ])
  })

  it('are right as they are expected', () => {
    for (const { purpose, value } of RECORDS) expect([purpose, status(purpose, value)]).toEqual([purpose, 'ok'])
  })

  it('are missing without any value, and an error when DNS says nothing', () => {
    for (const one of RECORDS) {
      expect(status(one.purpose)).toBe('missing')
      expect(compareRecord(one, { kind: 'trouble' }, { ...SERVER, isMx: true })).toBe('error')
    }
  })

  it.each<[RecordPurpose, string[], string]>([
    ['verification', ['other', 'mairust-verify=t'], 'ok'],
    ['verification', ['mairust-verify=other'], 'different'],
    ['mx', ['5 other.example.', '20 MAIL.y.example.'], 'ok'],
    ['mx', ['10 other.example.'], 'different'],
    ['mx', ['0 .'], 'different'],
    ['spf', ['google-site-verification=x'], 'missing'],
    ['spf', ['x', 'v=spf1 include:z.example a:mail.y.example ~all'], 'ok'],
    ['spf', ['v=spf1 include:z.example ~all'], 'different'],
    ['spf', ['v=spf1 mx -all', 'v=spf1 mx -all'], 'different'],
    ['dkim', [`v=DKIM1;k=rsa;t=y;p=${'A'.repeat(390)}`], 'ok'],
    ['dkim', ['v=DKIM1; k=rsa; p=BBBB'], 'different'],
    ['dkim', ['v=DKIM1; p='], 'different'],
    ['dkim', [KEY, KEY], 'different'],
    ['dmarc', ['v=DMARC1; p=none'], 'ok'],
    ['dmarc', ['v=DMARC1;p=reject;rua=mailto:a@b.example'], 'ok'],
    ['dmarc', ['v=DMARC1; p=nothing'], 'different'],
    ['dmarc', ['v=DMARC1; p=none', 'v=DMARC1; p=reject'], 'different'],
    ['dmarc', ['v=DMARC10; p=none'], 'missing'],
    ['mta_sts', ['v=STSv1; id=old;'], 'different'],
    ['mta_sts_host', ['192.0.2.7'], 'ok'],
    ['mta_sts_host', ['192.0.2.7', '198.51.100.1'], 'different'],
    ['mta_sts_host', ['other.example.'], 'different'],
    ['tls_rpt', ['v=TLSRPTv1; rua=https://z.example/'], 'ok'],
    ['tls_rpt', ['v=TLSRPTv1'], 'different'],
    ['ptr', ['other.example.'], 'different'],
    ['ptr', ['other.example.', 'Mail.y.example'], 'ok'],
  ])('%s %j is %s', (purpose, values, expected) => {
    expect(status(purpose, ...values)).toBe(expected)
  })
})

describe('the MTA-STS policy', () => {
  it.each(['enforce', 'testing', 'none'] as const)('is one that senders read: %s', (mode) => {
    const parsed = parseStsPolicy(Buffer.from(mtaStsPolicy(mode, 'mail.y.example')))
    expect(parsed).toMatchObject({ ok: true, policy: { mode, mx: ['mail.y.example'] } })
  })

  it('has an id of its own in the record', () => {
    const id = stsRecordId([[record('mta_sts').value]])
    expect(id).toMatch(/^[\da-f]{20}$/)
    const other = expectedRecords({
      ...SERVER,
      verification: { name: 'v', value: 'v', isOpen: false },
      spf: '',
      keys: [],
      policy: mtaStsPolicy('enforce', SERVER.hostname),
    }).find(({ purpose }) => purpose === 'mta_sts')
    expect(stsRecordId([[other?.value ?? '']])).not.toBe(id)
  })
})

it('a zone file has them in strings of at most 255 bytes; other zones are comments', () => {
  const lines = zoneText('x.example', RECORDS).split('\n')
  expect(lines[0]).toBe('$ORIGIN x.example.')
  expect(lines).toContain('x.example. 3600 IN MX 10 mail.y.example.')
  expect(lines).toContain('mta-sts.x.example. 3600 IN CNAME mail.y.example.')
  const key = lines.find((line) => line.startsWith('s._domainkey')) ?? ''
  const strings = [...key.matchAll(/"([^"]*)"/g)].map(([, string = '']) => string)
  expect(strings.map((string) => string.length)).toEqual([255, KEY.length - 255])
  expect(strings.join('')).toBe(KEY)
  expect(lines).toContain('; 7.2.0.192.in-addr.arpa. 3600 IN PTR mail.y.example.')
})
