import { bootstrapAdmin, createRuntime, isSetupNeeded, issueSetupToken, verifyLogin } from '@mairust/api/services'
import type { BootstrapAdmin, Config } from '@mairust/config'
import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { replies } from '@mairust/mail-core/smtp'
import type { Log } from '@mairust/log'
import type { Metrics } from './metrics.ts'
import type { SmtpContext } from './smtp/context.ts'

export interface IdentityOptions {
  readonly config: Config
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
  return {
    login: async (email, password, { address, requestId }) => {
      const result = await verifyLogin(runtime, { email, password, address, via: 'submission', requestId })
      if (result.ok) {
        const { id, tenantId, email: name } = result.user
        return { user: { id, tenantId, email: name } }
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
