import { withDatabases } from '@mairust/db/testing'
import { mtaStsPolicy } from '@mairust/mail-core/dns-records'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { makeTestApi, type TestApi } from '../../testing/api.ts'

interface Item {
  purpose: string
  type: string
  name: string
  value: string
  status: string | null
  found: string[]
  note: string | null
  required: boolean
}

let count = 0

withDatabases((get) => {
  let test: TestApi
  let as: string
  let id: string
  let name: string
  beforeEach(async () => {
    test = makeTestApi(get())
    as = await test.key(await test.user({ role: 'super_admin' }))
    name = `records${(count += 1)}-${get().dialect}.example`
    id = (await test.send('POST', '/domains', { as, body: { name, active: true } })).data['id'] ?? ''
  })
  const hostname = () => test.runtime.config.server.hostname
  // Cast: the schema of the answer.
  const list = async (query = '') =>
    (await test.send('GET', `/domains/${id}/dns${query}`, { as })).items as unknown as Item[]
  const statuses = async () =>
    Object.fromEntries((await list()).map(({ purpose, status }) => [purpose, status] as const))
  /** Publishes all records, and the server's own. */
  const publishAll = async () => {
    test.dns.set(hostname(), 'A', ['192.0.2.7'])
    test.dns.set('7.2.0.192.in-addr.arpa', 'PTR', [hostname()])
    for (const { purpose, type, name: at, value } of await list()) {
      if (type === 'TXT') test.dns.txt(at, value)
      if (purpose === 'mx') test.dns.set(at, 'MX', [{ preference: 10, exchange: hostname() }])
      if (purpose === 'mta_sts_host') test.dns.set(at, 'A', ['192.0.2.7'])
    }
  }

  describe('the records of a domain', () => {
    it('are missing before they are published, and right after that', async () => {
      expect(await statuses()).toEqual({
        verification: 'missing',
        mx: 'missing',
        spf: 'missing',
        dkim: 'missing',
        dmarc: 'missing',
        mta_sts: 'missing',
        mta_sts_host: 'missing',
        tls_rpt: 'missing',
      })
      await publishAll()
      expect(new Set(Object.values(await statuses()))).toEqual(new Set(['ok']))
      const ptr = (await list()).find(({ purpose }) => purpose === 'ptr')
      expect(ptr).toMatchObject({ name: '7.2.0.192.in-addr.arpa', value: `${hostname()}.`, found: [`${hostname()}.`] })
    })

    it('say what DNS has instead', async () => {
      await publishAll()
      test.dns.set(name, 'MX', [{ preference: 5, exchange: 'mx.other.example' }])
      test.dns.txt(`_dmarc.${name}`, 'v=DMARC1; p=none', 'v=DMARC1; p=reject')
      test.dns.set('7.2.0.192.in-addr.arpa', 'PTR', ['host-7.isp.example'])
      const records = await list()
      const of = (purpose: string) => records.find((one) => one.purpose === purpose)
      expect(of('mx')).toMatchObject({ status: 'different', found: ['5 mx.other.example.'] })
      expect(of('dmarc')).toMatchObject({ status: 'different', found: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] })
      expect(of('ptr')).toMatchObject({ status: 'different', found: ['host-7.isp.example.'] })
    })

    it('merge SPF with what is there, and count its look-ups', async () => {
      test.dns.txt(name, 'other', 'v=spf1 include:_spf.z.example ~all')
      const spf = async () => (await list()).find(({ purpose }) => purpose === 'spf')
      expect(await spf()).toMatchObject({
        value: `v=spf1 include:_spf.z.example a:${hostname()} ~all`,
        status: 'different',
        note: null,
      })
      test.dns.txt('_spf.z.example', `v=spf1 ${'a '.repeat(9)}-all`)
      expect((await spf())?.note).toContain('more than 10 look-ups')
      test.dns.set(hostname(), 'A', ['192.0.2.7'])
      expect(await spf()).toMatchObject({ value: 'v=spf1 include:_spf.z.example ip4:192.0.2.7 ~all', note: null })
      test.dns.set(name, 'TXT', 'trouble')
      expect(await spf()).toMatchObject({ status: 'error' })
      expect((await spf())?.note).toContain('could not be looked up')
    })

    it('are listed without DNS on request, and in time when it never answers', async () => {
      const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort())
      try {
        for (const type of ['A', 'AAAA', 'TXT', 'MX'] as const) {
          for (const at of [name, hostname(), `mta-sts.${name}`, `_dmarc.${name}`]) test.dns.set(at, type, 'silence')
        }
        const checked = await list()
        expect(timeout).toHaveBeenCalledWith(6000)
        expect(checked.find(({ purpose }) => purpose === 'mx')?.status).toBe('error')
      } finally {
        timeout.mockRestore()
      }
      const unchecked = await list('?check=false')
      expect(unchecked.length).toBe(9)
      expect(unchecked.every(({ status, found }) => status === null && found.length === 0)).toBe(true)
    })

    it('have the keys that are published, whatever their state', async () => {
      await test.send('POST', `/domains/${id}/dkim/activation`, { as, body: { force: true } })
      await test.send('POST', `/domains/${id}/dkim/rotation`, { as })
      const records = (await list('?check=false')).filter(({ purpose }) => purpose === 'dkim')
      expect(records.map(({ required }) => required)).toEqual([true, true, false, false])
    })

    it('are a zone file too', async () => {
      const zone = await test.send('GET', `/domains/${id}/zone`, { as })
      expect(zone.status).toBe(200)
      expect(zone.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      const lines = String(zone.json).split('\n')
      expect(lines).toContain(`${name}. 3600 IN MX 10 ${hostname()}.`)
      const keys = lines.filter((line) => line.includes('._domainkey.'))
      expect(keys.length).toBe(2)
      for (const [, string = ''] of lines.join('\n').matchAll(/"([^"]*)"/g)) expect(string.length).toBeLessThan(256)
    })

    it('have the id of the policy that the domain asks for', async () => {
      const sts = async () => (await list('?check=false')).find(({ purpose }) => purpose === 'mta_sts')?.value
      const before = await sts()
      const changed = await test.send('PATCH', `/domains/${id}`, { as, body: { mta_sts: 'enforce' } })
      expect(changed.data['mta_sts']).toBe('enforce')
      expect(await sts()).not.toBe(before)
      expect(mtaStsPolicy('enforce', hostname())).toContain('mode: enforce')
    })
  })

  describe('O51 the check of a sending domain', () => {
    const check = async () =>
      // Cast: the schema of the answer.
      (await test.send('GET', `/domains/${id}/sender-check`, { as })).data as unknown as {
        verdict: string
        checks: { rule: string; verdict: string }[]
      }
    const failing = async () =>
      (await check()).checks.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule)

    it('fails before anything is published, and passes but for the certificate after that', async () => {
      expect(await failing()).toEqual(['dkim', 'dkim_key', 'dmarc', 'alignment'])
      await publishAll()
      expect(await failing()).toEqual(['dkim', 'dkim_key', 'alignment'])
      await test.send('POST', `/domains/${id}/dkim/activation`, { as })
      const { verdict, checks } = await check()
      expect(verdict).toBe('warn')
      expect(checks.filter((one) => one.verdict !== 'pass').map(({ rule }) => rule)).toEqual(['tls'])
    })

    it('asks SPF as receivers do', async () => {
      await publishAll()
      test.dns.txt(name, 'v=spf1 include:_spf.z.example -all')
      expect(await failing()).toContain('spf')
      test.dns.txt('_spf.z.example', 'v=spf1 ip4:192.0.2.0/24 -all')
      expect(await failing()).not.toContain('spf')
    })

    it('finds the DMARC record of the name above', async () => {
      const sub = `sub.${name}`
      const made = await test.send('POST', '/domains', { as, body: { name: sub, active: true } })
      test.dns.txt(`_dmarc.${name}`, 'v=DMARC1; p=reject')
      id = made.data['id'] ?? ''
      expect(await failing()).not.toContain('dmarc')
    })
  })
})
