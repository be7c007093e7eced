import { normaliseAddress } from '@mairust/mail-core/address'
import { replies } from '@mairust/mail-core/smtp'
import type { Client, Credentials, LoginResult } from '../client.ts'
import type { SmtpContext } from '../context.ts'

/** AUTH: the adapter lets it through over TLS only. A wrong password costs the client time. */
export async function auth(context: SmtpContext, client: Client, credentials: Credentials): Promise<LoginResult> {
  const { remoteAddress } = client.facts()
  const result = await check(context, credentials, remoteAddress)
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

function check(
  context: SmtpContext,
  { username, password, actAs }: Credentials,
  address: string,
): Promise<LoginResult> | LoginResult {
  // RFC 4616 §2 lets a client act for somebody else; here nobody may.
  const isSelf = actAs === '' || actAs === username || sameAddress(actAs, username)
  return isSelf ? context.login(username, password, address) : { reply: replies.otherIdentity }
}

function sameAddress(one: string, other: string): boolean {
  const key = normaliseAddress(one)
  return key !== null && key === normaliseAddress(other)
}
