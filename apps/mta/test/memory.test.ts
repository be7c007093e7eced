import { expect, it } from 'vitest'
import { eventually, makeMessage } from './support/server.ts'
import { useServer } from './support/suite.ts'

/** Room for 16 small messages. */
const { server, world } = useServer({ spoolMemory: 64 * 1024 })

it('unfinished messages beyond the shared memory budget are spooled to files', async () => {
  const clients = await Promise.all(Array.from({ length: 20 }, () => server().client()))
  await Promise.all(clients.map((client) => client.upToData(world().address)))
  await Promise.all(clients.map((client) => client.write(makeMessage('waiting', 'x'.repeat(900)))))
  await eventually(async () => (await server().leftovers()).length >= 4)
  const replies = await Promise.all(clients.map((client) => client.command('\r\n.')))
  expect(replies.filter((reply) => reply.startsWith('250'))).toHaveLength(20)
  expect(await server().leftovers()).toEqual([])
  for (const client of clients) client.destroy()
})
