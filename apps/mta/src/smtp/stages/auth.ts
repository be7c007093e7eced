import { normaliseAddress } from '@mairust/mail-core/address'
import { escapeRemote, replies } from '@mairust/mail-core/smtp'
import type { Client, Credentials, LoginResult } from '../client.ts'
import type { LoginFrom, SmtpContext } from '../context.ts'

/** AUTH; the adapter allows it over TLS only. A failed login is delayed. */
export async function auth(context: SmtpContext, client: Client, credentials: Credentials): Promise<LoginResult> {
  const { remoteAddress } = client.facts()
  const result = await check(context, credentials, { address: remoteAddress, requestId: client.id })
  if ('user' in result) return result
  client.failedLogins += 1
  await context.tarpit()
  return result
}

function check(
  context: SmtpContext,
  { username, password, actAs }: Credentials,
  from: LoginFrom,
): Promise<LoginResult> | LoginResult {
  // RFC 4616 §2 allows acting as another identity; we do not.
  const isSelf = actAs === '' || actAs === username || sameAddress(actAs, username)
  if (isSelf) return context.login(username, password, from)
  // Counted here because `login`, which counts the rest, is not called.
  context.metrics.authFailures.inc()
  context.log.info(
    {
      account: escapeRemote(username, 320),
      reason: 'other_identity',
      via: 'submission',
      remote_addr: from.address,
      request_id: from.requestId,
    },
    'A login was refused',
  )
  return { reply: replies.otherIdentity }
}

function sameAddress(one: string, other: string): boolean {
  const key = normaliseAddress(one)
  return key !== null && key === normaliseAddress(other)
}
