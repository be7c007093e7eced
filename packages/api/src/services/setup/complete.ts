import { AppError, invalidField } from '../../errors.ts'
import { publicVerb } from '../../verb/index.ts'
import { toOwnAddress } from '../address/index.ts'
import { toDomainName } from '../domain/internal.ts'
import { toEmail, toPasswordHash } from '../user/internal.ts'
import { createInstallation } from './create-installation.ts'
import { completeSetupInput, setupResultSchema } from './schemas.ts'
import { isSetupNeeded, isSetupToken } from './token.ts'

/**
 * Completes the first-run wizard: creates administrator, domain and mailbox. The one-time token protects it.
 * @throws AppError FORBIDDEN for a wrong token, CONFLICT if there is an administrator already, VALIDATION_ERROR
 */
export const completeSetup = publicVerb({
  input: completeSetupInput,
  output: setupResultSchema,
  audit: { action: 'setup.complete', target: 'user' },
  run: async (from, wanted) => {
    if (!(await isSetupNeeded(from.db))) throw alreadyDone()
    if (!(await isSetupToken(from.db, wanted.token))) {
      throw new AppError(
        'FORBIDDEN',
        'This setup link is no longer valid. Use the one that the server printed when it last started.',
      )
    }
    const email = toEmail(wanted.email)
    const domainName = toDomainName(wanted.domain, 'domain')
    const own = toOwnAddress(wanted.mailbox ?? `${email.slice(0, email.lastIndexOf('@'))}@${domainName}`, 'mailbox')
    if (own.domainName !== domainName) throw invalidField('mailbox', `must be in ${domainName}`)
    const passwordHash = await toPasswordHash(from, wanted.password)
    const first = { email, passwordHash, name: wanted.name ?? '', domainName, mailboxAddress: own.address }
    const created = await createInstallation(from, first)
    if (created === null) throw alreadyDone()
    return created.result
  },
})

const alreadyDone = (): AppError =>
  new AppError('CONFLICT', 'This installation already has an administrator. Sign in instead.')
