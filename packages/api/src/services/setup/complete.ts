import type { z } from 'zod'
import type { Runtime } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { toOwnAddress } from '../address/index.ts'
import { toDomainName } from '../domain/internal.ts'
import { toEmail, toPasswordHash } from '../user/internal.ts'
import { foundInstallation } from './found.ts'
import { completeSetupInput, type SetupResultWire } from './schemas.ts'
import { isSetupNeeded, isSetupToken } from './token.ts'

/**
 * The end of the first-run wizard: account, domain and mailbox, guarded by the one-time token.
 * @throws AppError FORBIDDEN for a wrong token, CONFLICT when there is an administrator, VALIDATION_ERROR
 */
export const completeSetup = async ({
  runtime,
  from,
  input,
}: {
  runtime: Runtime
  from: { requestId: string; ip: string }
  input: z.input<typeof completeSetupInput>
}): Promise<SetupResultWire> => {
  const wanted = parseInput(completeSetupInput, input)
  if (!(await isSetupNeeded(runtime.db))) throw alreadyDone()
  if (!(await isSetupToken(runtime.db, wanted.token))) {
    throw new AppError('FORBIDDEN', 'This setup link is not valid any more. Use the one of the last start.')
  }
  const email = toEmail(wanted.email)
  const domainName = toDomainName(wanted.domain, 'domain')
  const own = toOwnAddress(wanted.mailbox ?? `${email.slice(0, email.lastIndexOf('@'))}@${domainName}`, 'mailbox')
  if (own.domainName !== domainName) throw invalidField('mailbox', `must lie in ${domainName}`)
  const passwordHash = await toPasswordHash(runtime, wanted.password)
  const founded = await foundInstallation(
    runtime,
    { requestId: from.requestId, ip: from.ip },
    { email, passwordHash, name: wanted.name ?? '', domainName, mailboxAddress: own.address },
  )
  if (founded === null) throw alreadyDone()
  return founded.result
}

const alreadyDone = (): AppError => new AppError('CONFLICT', 'This installation has an administrator. Sign in instead.')
