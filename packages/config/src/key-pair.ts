import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { ConfigError } from './error.ts'
import type { Config } from './schema/index.ts'

/** A certificate chain and its key, PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

type Setting = 'tls.cert_path' | 'tls.key_path'

const problem = (source: string, path: Setting, message: string): ConfigError =>
  new ConfigError([{ source, path, message }])

/**
 * Reads the configured certificate and key, and checks that they match; null when none is configured.
 * @throws ConfigError that names the setting, the file and what is wrong with it
 */
export function readKeyPair({ cert_path, key_path }: Pick<Config['tls'], 'cert_path' | 'key_path'>): KeyPair | null {
  if (cert_path === '') return null
  const cert = readPem(cert_path, 'tls.cert_path')
  const key = readPem(key_path, 'tls.key_path')
  const certificate = parseCertificate(cert, cert_path)
  const privateKey = parseKey(key, key_path)
  if (!certificate.checkPrivateKey(privateKey))
    throw problem(key_path, 'tls.key_path', `is not the key of the certificate in tls.cert_path (${cert_path})`)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw problem(cert_path, 'tls.cert_path', `cannot be used: ${error instanceof Error ? error.message : ''}`)
  }
  return { cert, key }
}

/** What is wrong with a configured certificate that the server can use all the same, for the log and `check config`. */
export function keyPairWarnings(pair: KeyPair, { server, tls }: Pick<Config, 'server' | 'tls'>, now: Date): string[] {
  // Nobody expects anything of a self-signed one.
  if (tls.cert_path === '') return []
  const certificate = new X509Certificate(pair.cert)
  const warnings: string[] = []
  const { validFromDate: from, validToDate: to } = certificate
  if (to <= now)
    warnings.push(`expired on ${to.toISOString()}: mail clients refuse it; renew it, then run "mairust reload"`)
  if (from > now) warnings.push(`is not valid before ${from.toISOString()}; check the clock of this machine`)
  if (certificate.checkHost(server.hostname) === undefined)
    warnings.push(
      `is not for server.hostname, ${server.hostname}, but for ${certificate.subjectAltName ?? certificate.subject}`,
    )
  return warnings.map((warning) => `${tls.cert_path}: tls.cert_path: ${warning}`)
}

function readPem(file: string, setting: Setting): string {
  try {
    return readFileSync(/* turbopackIgnore: true */ file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    if (code === 'ENOENT') throw problem(file, setting, 'the file does not exist')
    if (code === 'EACCES') throw problem(file, setting, 'the user that MaiRust runs as cannot read the file (EACCES)')
    throw problem(file, setting, `the file cannot be read (${code})`)
  }
}

function parseCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw problem(file, 'tls.cert_path', 'contains no PEM certificate (-----BEGIN CERTIFICATE-----)')
  }
}

function parseKey(pem: string, file: string): KeyObject {
  if (pem.includes('ENCRYPTED'))
    throw problem(file, 'tls.key_path', 'is encrypted; remove the passphrase: openssl pkey -in OLD -out NEW')
  try {
    return createPrivateKey(pem)
  } catch {
    throw problem(file, 'tls.key_path', 'contains no PEM private key (-----BEGIN PRIVATE KEY-----)')
  }
}
