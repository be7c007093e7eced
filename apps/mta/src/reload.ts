import { type Config, ConfigError, type KeyPair, reloadConfig, writeReloadResult } from '@mairust/config'
import type { RootLog } from '@mairust/log'
import { loadKeyPair, warnOfKeyPair } from './smtp/tls.ts'

export interface ReloadOptions {
  /** Rereads the configuration. @throws ConfigError */
  readonly read: () => Config
  readonly current: () => Config
  /** Puts a configuration and a certificate into effect. */
  readonly apply: (config: Config, keyPair: KeyPair) => void
  readonly log: RootLog
}

/**
 * Creates the SIGHUP handler: applies the settings that may change at runtime, and writes the result to the data folder. On any
 * error, in the certificate too, nothing changes.
 */
export function createReload({ read, current, apply, log }: ReloadOptions): () => Promise<void> {
  const report = (error: string | null, changed: readonly string[] = [], waiting: readonly string[] = []): void => {
    try {
      writeReloadResult(current().server.data_dir, { at: new Date().toISOString(), error, changed, waiting })
    } catch (cause) {
      log.warn({ err: cause }, 'The result of a reload could not be written')
    }
  }
  return async () => {
    try {
      const { config, changed, waiting } = reloadConfig(current(), read())
      const keyPair = await loadKeyPair(config)
      apply(config, keyPair)
      warnOfKeyPair(keyPair, config, log)
      log.setLevel(config.logging.level)
      log.info({ changed }, 'Configuration and certificates reloaded')
      if (waiting.length > 0) log.warn({ waiting }, 'Some configuration changes take effect at the next start')
      report(null, changed, waiting)
    } catch (error) {
      // A mistake in the settings needs no stack.
      const about = error instanceof ConfigError ? { reason: error.message } : { err: error }
      log.error(about, 'Reload failed; the old configuration stays in effect')
      report(error instanceof Error ? error.message : String(error))
    }
  }
}
