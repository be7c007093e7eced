import { createSocket, type Socket } from 'node:dgram'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createResolveAll, type ResolveAll } from './resolve-all.ts'

const [A, AAAA] = [1, 28]
let server: Socket
let resolve: ResolveAll
/** Answers with one address, but never for names with `slow`. */
beforeAll(async () => {
  server = createSocket('udp4', (query, { port, address }) => {
    if (query.includes('slow')) return
    const question = query.subarray(12, query.indexOf(0, 12) + 5)
    const type = question.readUInt16BE(question.length - 4)
    const isKnown = query.includes('known') && [A, AAAA].includes(type)
    const data = type === A ? [198, 51, 100, 7] : [0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 7]
    const answer = isKnown ? [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data] : []
    // RFC 1035 §4.1.1: an answer, recursion available, NXDOMAIN for unknown names.
    const header = [0x81, isKnown ? 0x80 : 0x83, 0, 1, 0, isKnown ? 1 : 0, 0, 0, 0, 0]
    server.send(Buffer.from([...query.subarray(0, 2), ...header, ...question, ...answer]), port, address)
  })
  await new Promise<void>((bound) => server.bind(0, '127.0.0.1', bound))
  resolve = createResolveAll({ servers: [`127.0.0.1:${server.address().port}`], timeout_ms: 60_000 })
})
afterAll(() => server.close())

it('finds all addresses of a name, with the configured name servers', async () => {
  expect(await resolve('known.example')).toEqual([
    { address: '198.51.100.7', family: 4 },
    { address: '2001:db8::7', family: 6 },
  ])
  await expect(resolve('absent.example')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  expect(await resolve('a.localhost')).toEqual([{ address: '127.0.0.1', family: 4 }])
})

it('names whose server does not answer keep no others waiting, however many there are', async () => {
  const slow = Array.from({ length: 50 }, (_, at) => resolve(`n${at}.slow.example`).catch(() => 'given up'))
  expect(await Promise.race([...slow, resolve('known.example').then(([first]) => first?.address)])).toBe('198.51.100.7')
})
