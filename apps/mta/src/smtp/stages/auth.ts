import type { Client, LoginResult } from '../client.ts'
import type { SmtpContext } from '../context.ts'

/** AUTH: the adapter lets it through over TLS only. A wrong password costs the client time. */
export async function auth(
  context: SmtpContext,
  client: Client,
  username: string,
  password: string,
): Promise<LoginResult> {
  const { remoteAddress } = client.facts()
  const result = await context.login(username, password, remoteAddress)
  if ('user' in result) return result
  client.failedLogins += 1
  context.metrics.authFailures.inc()
  context.log.info(
    { request_id: client.id, remote_addr: remoteAddress, reply: result.reply.code },
    'A login was refused',
  )
  await context.tarpit()
  return result
}
