import type { Client, Credentials, LoginResult } from '../client.ts'
import type { SmtpContext } from '../context.ts'

/** AUTH; the adapter allows it over TLS only. A failed login is delayed. */
export async function auth(context: SmtpContext, client: Client, credentials: Credentials): Promise<LoginResult> {
  const { remoteAddress } = client.facts()
  const result = await context.login(credentials, { address: remoteAddress, requestId: client.id })
  if ('user' in result) return result
  client.failedLogins += 1
  await context.tarpit()
  return result
}
