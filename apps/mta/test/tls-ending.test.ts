import { describe, expect, it } from 'vitest'
import type { RawClient } from './support/client.ts'
import { eventually } from './support/server.ts'
import { useServer } from './support/suite.ts'

const { server, world } = useServer()

const journeys = async () => {
  const { db } = server().database
  return db.select().from(db.tables.journeys)
}

const sessions: Record<string, () => Promise<RawClient>> = {
  STARTTLS: async () => {
    const client = await server().client()
    await client.command('EHLO client.example')
    await client.startTls()
    await client.command('EHLO client.example')
    return client
  },
  'implicit TLS': () => server().loggedIn({ email: world().address }),
}
const endings: Record<string, (client: RawClient) => unknown> = {
  QUIT: (client) => client.command('QUIT'),
  'a closed socket': (client) => client.end(),
  'a destroyed socket': (client) => client.destroy(),
}

// A closed socket has no cipher, and a throw while it closes ends the process.
describe.each(Object.keys(sessions))('a transaction over %s', (session) => {
  it.each(Object.keys(endings))('is recorded when the session ends by %s', async (ending) => {
    const before = (await journeys()).length
    const client = (await sessions[session]?.()) ?? (await server().client())
    await client.command(`MAIL FROM:<${world().address}>`)
    expect(await client.command(`RCPT TO:<${world().address}>`)).toMatch(/^250 /)
    await endings[ending]?.(client)
    const found = await eventually(async () => {
      const rows = await journeys()
      return rows.length > before && rows
    })
    expect(found.at(-1)?.status).toBe('aborted')
    client.destroy()
  })
})
