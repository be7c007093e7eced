import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { letGo } from './let-go.ts'

const open: { close: () => void }[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})

/** Both ends of a connection; the client reads nothing yet. */
async function pair(): Promise<{ ours: Socket; client: Socket }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const about = server.address()
  if (about === null || typeof about === 'string') throw new Error('no port')
  const client = connect({ port: about.port, host: '127.0.0.1' })
  client.pause()
  const [ours] = (await once(server, 'connection')) as [Socket]
  open.push({ close: () => server.close() }, { close: () => client.destroy() })
  return { ours, client }
}

/** How the connection ends for the client once it reads. */
const endOf = (client: Socket): Promise<string> =>
  new Promise((resolve) => {
    let received = ''
    client.on('data', (chunk: Buffer) => (received += chunk.toString().slice(0, 20)))
    client.on('error', (error: Error & { code?: string }) => resolve(error.code ?? error.name))
    client.on('end', () => resolve(received))
    client.resume()
  })

it('a client that reads gets the last reply', async () => {
  const { ours, client } = await pair()
  ours.write('421 bye\r\n')
  letGo(ours)
  expect(await endOf(client)).toBe('421 bye\r\n')
})

it('a client that never reads is reset, and nothing is kept for it', async () => {
  const { ours, client } = await pair()
  ours.write(Buffer.alloc(64 * 1024 * 1024, 'x'))
  letGo(ours)
  expect(ours.destroyed).toBe(true)
  expect(await endOf(client)).toBe('ECONNRESET')
})
