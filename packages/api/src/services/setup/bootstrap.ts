import { tenantScope } from '@mairust/db/queries/scope'
import { findUser } from '@mairust/db/queries/user'
import type { Runtime } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { job } from '../../verb/index.ts'
import { toOwnAddress } from '../address/index.ts'
import { toUserWire } from '../user/internal.ts'
import type { UserWire } from '../user/schemas.ts'
import { createInstallation } from './create-installation.ts'

/**
 * Sets up the server from `MAIRUST_ADMIN_EMAIL` and `MAIRUST_ADMIN_PASSWORD` at a first start: tenant, active domain of the address,
 * super_admin and mailbox. The configuration has checked the length of the password; further rules do not apply to the operator.
 * Returns the administrator, or null without a change if there is an administrator already.
 * @throws AppError VALIDATION_ERROR, CONFLICT
 */
export const bootstrapAdmin = job({
  audit: { action: 'setup.complete', target: 'user' },
  run: async (
    runtime: Runtime,
    admin: { email: string; password: string; name?: string | undefined },
  ): Promise<UserWire | null> => {
    const { address, domainName } = toOwnAddress(admin.email, 'email')
    const passwordHash = await runtime.passwords.hash(admin.password)
    const made = await createInstallation(
      { ...runtime, requestId: 'start', ip: 'local' },
      { email: address, passwordHash, name: admin.name ?? '', domainName, mailboxAddress: address },
    )
    if (made === null) return null
    const user = await findUser(runtime.db, tenantScope(made.tenantId), made.result.user_id)
    if (user === null) throw notFound('user')
    return toUserWire(user)
  },
})
