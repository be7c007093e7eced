import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@mairust/log'
import { withDatabases } from '@mairust/db/testing'
import { expect, it } from 'vitest'
import { makeTestApi } from '../../testing/api.ts'
import { verifyLogin } from '../auth/index.ts'

/** The filter in docs/operations.md; fail2ban reads the address at <HOST>. */
const filter = (): RegExp => {
  const docs = readFileSync(new URL('../../../../../docs/operations.md', import.meta.url), 'utf8')
  const [, pattern = ''] = /^failregex = (.*)$/m.exec(docs) ?? []
  return new RegExp(pattern.replace('<HOST>', String.raw`(?<host>[\da-f:.]+)`))
}

withDatabases((get) => {
  it('the documented fail2ban filter finds the address of a refused login, and none that a client writes into it', async () => {
    const { runtime } = makeTestApi(get())
    const folder = mkdtempSync(join(tmpdir(), 'mairust-log-'))
    const fd = openSync(join(folder, 'log'), 'w')
    const log = createLog({ level: 'info', format: 'json', component: 'web', sync: true, fd })
    const email = 'x","remote_addr":"203.0.113.9'
    for (const address of ['192.0.2.1', '2001:db8::1']) {
      await verifyLogin({ ...runtime, log }, { email, password: 'x', address, via: 'web', requestId: 'req_x' })
    }
    log.info({ remote_addr: '198.51.100.1' }, 'Something else')
    log.flush()
    closeSync(fd)
    const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')
    expect(lines.map((line) => filter().exec(line)?.groups?.['host'])).toEqual(['192.0.2.1', '2001:db8::1', undefined])
    rmSync(folder, { recursive: true })
  })
})
