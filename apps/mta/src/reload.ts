import { type Config, type KeyPair, reloadConfig, writeReloadAnswer } from '@mairust/config'
import type { RootLog } from '@mairust/log'
import { loadKeyPair } from './smtp/tls.ts'

export interface ReloadOptions {
  /** Reads the configuration again. @throws ConfigError */
  readonly read: () => Config
  readonly current: () => Config
  /** Makes a configuration and a certificate hold. */
  readonly apply: (config: Config, keyPair: KeyPair) => void
  readonly log: RootLog
}

/**
 * Makes what SIGHUP runs: takes over what may change while the server runs, and leaves an answer in the data folder. Whatever is
 * wrong, of the certificate too, leaves everything as it was.
 */
export function createReload({ read, current, apply, log }: ReloadOptions): () => Promise<void> {
  const answer = (error: string | null, changed: readonly string[] = [], waiting: readonly string[] = []): void => {
    try {
      writeReloadAnswer(current().server.data_dir, { at: new Date().toISOString(), error, changed, waiting })
    } catch (cause) {
      log.warn({ err: cause }, 'The answer to a reload could not be written')
    }
  }
  return async () => {
    try {
      const { config, changed, waiting } = reloadConfig(current(), read())
      const keyPair = await loadKeyPair(config)
      apply(config, keyPair)
      log.setLevel(config.logging.level)
      log.info({ changed }, 'Certificates and the configuration were read again')
      if (waiting.length > 0) log.warn({ waiting }, 'Some changes of the configuration hold from the next start on')
      answer(null, changed, waiting)
    } catch (error) {
      log.error({ err: error }, 'The configuration could not be read again; the old one stays')
      answer(error instanceof Error ? error.message : String(error))
    }
  }
}
