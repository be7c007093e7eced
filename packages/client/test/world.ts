import type { Database } from '@mairust/db'
import type { UserRow } from '@mairust/db/queries/user'
import { makeTestApi, type TestApi } from '@mairust/api/testing'
import { type Client, createClient, type ClientOptions } from '@mairust/client'

/** A server in this process, and clients for it. */
export const makeServer = (database: Database) => {
  const test: TestApi = makeTestApi(database)
  /** Every request that the server got. */
  const requests: Request[] = []
  const fetch = (url: string, init: RequestInit): Promise<Response> => {
    const request = new Request(url, { ...init, headers: { ...(init.headers as object), host: 'localhost:8080' } })
    requests.push(request)
    return test.api.trpc(request, { ip: '192.0.2.1' })
  }
  const clientOf = async (user: UserRow, options: Partial<ClientOptions> = {}): Promise<Client> =>
    createClient({ url: 'http://localhost:8080', apiKey: await test.key(user), fetch, ...options })
  return { test, requests, fetch, clientOf }
}
