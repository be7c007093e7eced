import {
  bootstrapAdmin,
  createFailureLimit,
  createRuntime,
  isSetupNeeded,
  issueSetupToken,
  logRefusedLogin,
  verifyLogin,
} from '@mairust/api/services'
import type { BootstrapAdmin, Config } from '@mairust/config'
import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { normaliseAddress } from '@mairust/mail-core/address'
import { clientNetwork } from '@mairust/mail-core/inbound'
import { replies } from '@mairust/mail-core/smtp'
import type { Log } from '@mairust/log'
import type { Metrics } from './metrics.ts'
import type { SmtpContext } from './smtp/context.ts'

export interface IdentityOptions {
  readonly config: Config
  /** Most wrong logins that an address may try a minute; 0 for no limit. A reload changes it. */
  readonly failuresPerMinute: () => number
  readonly database: Database
  readonly blobs: BlobStore
  readonly masterKey: Buffer
  readonly log: Log
  readonly metrics: Pick<Metrics, 'authFailures'>
}

/** Accounts as the mail server sees them, backed by the API services. */
export interface Identity {
  readonly login: SmtpContext['login']
  /** Creates the first administrator; does nothing when there is one. */
  bootstrap(admin: BootstrapAdmin): Promise<void>
  /** Issues a new setup token; null when there is an administrator. */
  setupToken(): Promise<string | null>
}

/** Connects the mail server to the API services. */
export function createIdentity(options: IdentityOptions): Identity {
  const runtime = createRuntime({ ...options, onAuthFailure: () => options.metrics.authFailures.inc() })
  const failures = createFailureLimit(options.failuresPerMinute)
  return {
    login: async ({ username: email, password, actAs }, { address, requestId }) => {
      /** Refuses without a check of the password, so that it tells and costs nothing. */
      const refuse = (reason: string): void => {
        options.metrics.authFailures.inc()
        if (runtime.refusedLogins(`${reason} ${clientNetwork(address)}`))
          logRefusedLogin(options.log, { account: email, reason, via: 'submission', address, requestId })
      }
      // RFC 4616 §2 allows acting as another identity; we do not.
      if (actAs !== '' && actAs !== email && !isSameAddress(actAs, email)) {
        refuse('other_identity')
        return { reply: replies.otherIdentity }
      }
      if (!(await failures.reserve(address))) {
        refuse('too_many')
        return { reply: replies.locked }
      }
      let isWrong = false
      const result = await verifyLogin(runtime, { email, password, address, via: 'submission', requestId })
        .then((verified) => {
          isWrong = !verified.ok && verified.reason === 'wrong'
          return verified
        })
        .finally(() => failures.settle(address, isWrong))
      if (result.ok) {
        const { id, tenantId, email: name, loginEpoch: epoch } = result.user
        return { user: { id, tenantId, email: name, epoch } }
      }
      switch (result.reason) {
        case 'wrong':
          return { reply: replies.wrongPassword }
        case 'locked':
          return { reply: replies.locked }
        case 'busy':
          return { reply: replies.authBusy }
      }
    },
    bootstrap: async (admin) => {
      if (await isSetupNeeded(runtime.db)) await bootstrapAdmin(runtime, admin)
    },
    setupToken: () => issueSetupToken(runtime),
  }
}

function isSameAddress(one: string, other: string): boolean {
  const key = normaliseAddress(one)
  return key !== null && key === normaliseAddress(other)
}
