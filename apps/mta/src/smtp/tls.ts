import { X509Certificate } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SecureContext, SecureContextOptions } from 'node:tls'
import { type Config, ConfigError, type KeyPair, keyPairWarnings, readKeyPair } from '@mairust/config'
import type { Log } from '@mairust/log'
import type { Listener } from '@mairust/mail-core/smtp'
import { generate } from 'selfsigned'

const DAY = 86_400_000
const SELF_SIGNED_DAYS = 3650
/** Forward secrecy and authenticated encryption only: all mail clients support them. Other servers may be older. */
const SUBMISSION_CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/**
 * Reads the configured certificate, or the self-signed one in the data folder, which is created when missing or expired.
 * @throws ConfigError
 */
export async function loadKeyPair(config: Pick<Config, 'tls' | 'server'>): Promise<KeyPair> {
  return readKeyPair(config.tls) ?? (await selfSigned(config.server))
}

/** Says in the log what is wrong with a configured certificate that is in use all the same. */
export function warnOfKeyPair(pair: KeyPair, config: Pick<Config, 'tls' | 'server'>, log: Log): void {
  for (const reason of keyPairWarnings(pair, config, new Date())) log.warn({ reason }, 'The certificate has a problem')
}

/** The TLS options of a listener. `sni` may pick a certificate for the name the client asks for. */
export function tlsOptions(
  listener: Listener,
  pair: KeyPair,
  minVersion: Config['tls']['min_version'],
  sni: (name: string) => SecureContext | null = () => null,
): SecureContextOptions & {
  SNICallback: (name: string, done: (error: Error | null, context?: SecureContext) => void) => void
} {
  return {
    ...pair,
    minVersion,
    honorCipherOrder: true,
    SNICallback: (name, done) => done(null, sni(name) ?? undefined),
    ...(listener === 'inbound' ? {} : { ciphers: SUBMISSION_CIPHERS }),
  }
}

/** When the first certificate of the chain expires. */
export function expiryOf(pair: KeyPair): Date {
  return new X509Certificate(pair.cert).validToDate
}

async function selfSigned({ data_dir, hostname }: Config['server']): Promise<KeyPair> {
  const folder = join(data_dir, 'tls')
  const certPath = join(folder, 'self-signed.crt')
  const keyPath = join(folder, 'self-signed.key')
  try {
    const pair = readKeyPair({ cert_path: certPath, key_path: keyPath })
    if (pair !== null && expiryOf(pair).getTime() > Date.now()) return pair
  } catch (error) {
    // Missing or damaged: it is our own, so create a new one.
    if (!(error instanceof ConfigError)) throw error
  }
  const now = new Date()
  const made = await generate([{ name: 'commonName', value: hostname }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - DAY),
    notAfterDate: new Date(now.getTime() + SELF_SIGNED_DAYS * DAY),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: hostname }] }],
  })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeWhole(keyPath, made.private)
  await writeWhole(certPath, made.cert)
  return { cert: made.cert, key: made.private }
}

/** Writes atomically, so that nobody reads half a file or one with a wider mode. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}`
  await writeFile(temporary, text, { mode: 0o600 })
  await rename(temporary, path)
}
