import type { Config } from '@mairust/config'
import { createMessageIndexer, createMessageSigner, createMessageVerifier } from '@mairust/intake'
import type { Listener } from '@mairust/mail-core/smtp'
import { createReverseLookup } from './dns.ts'
import { delivery } from './delivery/part.ts'
import { jobs } from './jobs/index.ts'
import { hasRole, type Part } from './roles.ts'
import { openSmtp } from './smtp/open.ts'
import { startWebChild } from './web-child.ts'

const LABELS = { inbound: 'smtp', submission: 'submission', submissions: 'submissions' } as const

/** The listeners that this process's roles need. */
function listenersOf(config: Pick<Config, 'roles'>): Listener[] {
  return [
    ...(hasRole(config, 'mx') ? (['inbound'] as const) : []),
    ...(hasRole(config, 'submission') ? (['submission', 'submissions'] as const) : []),
  ]
}

const smtp: Part = {
  name: 'smtp',
  roles: ['mx', 'submission'],
  start: async ({ config, keyPair, masterKey, database, blobs, identity, metrics, log, ending }) => {
    const indexer = createMessageIndexer()
    const verifier = createMessageVerifier({ dns: config().dns })
    const signer = createMessageSigner({ database, masterKey, log: log.child('smtp') })
    const closeWorkers = async (): Promise<void> => {
      signer.close()
      await Promise.all([indexer.close(), verifier.close()])
    }
    indexer.warm()
    try {
      const open = await openSmtp({
        config,
        listeners: listenersOf(config()),
        database,
        blobs,
        indexer,
        verifier,
        signer,
        masterKey,
        keyPair: keyPair(),
        login: identity.login,
        reverseLookup: createReverseLookup({ servers: config().dns.servers, now: Date.now }),
        metrics,
        log,
        ending,
      })
      return {
        addresses: open.listeners.map(({ listener, host, port }) => ({ label: LABELS[listener], host, port })),
        checks: {
          ...Object.fromEntries(open.listeners.map((one) => [one.listener, () => one.check()])),
          disk: () => open.checkSpace(),
        },
        reload: () => open.setKeyPair(keyPair()),
        stop: async (withinMs) => {
          await open.close(withinMs)
          await closeWorkers()
        },
      }
    } catch (error) {
      await closeWorkers()
      throw error
    }
  },
}

const web: Part = {
  name: 'web',
  roles: ['web'],
  start: async ({ config, masterKey, log, ending }) => {
    const child = startWebChild({ config, masterKey, log, ending })
    try {
      const { host } = config().web
      return {
        addresses: [{ label: 'web', host, port: await child.started }],
        checks: { web: () => (child.ready ? undefined : Promise.reject(new Error('not ready'))) },
        metrics: () => child.metrics(),
        reload: () => child.reload(),
        stop: () => child.stop(),
      }
    } catch (error) {
      await child.stop()
      throw error
    }
  },
}

/** All parts a process can run; the slowest to start comes first. */
export const PARTS: readonly Part[] = [web, smtp, delivery, jobs]
