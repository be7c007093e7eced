import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { createKnownCallers } from './known-callers.ts'
import { lineOf } from './lines.ts'

const SESSION = 's'.repeat(43)
const user = { id: 'usr_1', tenantId: 'ten_1', userId: 'usr_1', name: 'Ann', sessionId: 'ses_1' }

/** The line of a request, while the session above is known. */
function lineFor(url: string, ip: string, headers: Record<string, string> = {}) {
  const known = createKnownCallers()
  known.note(SESSION, user)
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: ip })
  const request = Object.assign(new IncomingMessage(socket), { url, headers })
  return lineOf(request, { publicUrl: 'http://localhost:8080', proxies: ['10.0.0.0/8'], known })
}

it.each([
  ['/api/v1/me', '192.0.2.7', ['calls', '192.0.2.0/24', '192.0.2.7']],
  ['/api/health?x', '::ffff:192.0.2.7', ['calls', '192.0.2.0/24', '192.0.2.7']],
  ['/login', '2001:db8:1:2:3::4', ['pages', '2001:db8:1::/48', '2001:db8:1:2::/64']],
  ['/_next/static/chunks/a.js?x', '192.0.2.7', ['files', '192.0.2.0/24', '192.0.2.7']],
  ['/x/_next/static/a.js', '192.0.2.7', ['pages', '192.0.2.0/24', '192.0.2.7']],
])('a stranger waits by network and address, in a line for what is asked: %s of %s', (url, ip, line) => {
  expect(lineFor(url, ip)).toEqual(line)
})

it('behind a proxy that is its client’s', () => {
  const line = lineFor('/login', '10.0.0.1', { 'x-forwarded-for': '198.51.100.9' })
  expect(line).toEqual(['pages', '198.51.100.0/24', '198.51.100.9'])
})

it.each(['/api/v1/me', '/_next/static/chunks/a.js'])('who is known waits as a user, wherever he is: %s', (url) => {
  const line = lineFor(url, '192.0.2.7', { cookie: `mairust_sid=${SESSION}` })
  expect(line).toEqual(['known', 'ten_1', 'ten_1 usr_1', 'ten_1 usr_1 ses_1'])
})

it.each([
  { cookie: `mairust_sid=${'x'.repeat(43)}` },
  { cookie: `mairust_sid=${SESSION}x` },
  { cookie: `other=${SESSION}` },
  { authorization: `Bearer ${SESSION}` },
  { authorization: 'Bearer x', cookie: `mairust_sid=${SESSION}` },
])('what nobody has shown before gains nothing: %j', (headers) => {
  expect(lineFor('/api/v1/me', '192.0.2.7', headers)[0]).toBe('calls')
})
