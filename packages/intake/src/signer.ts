import { createPrivateKey } from 'node:crypto'
import { setImmediate as nextRound } from 'node:timers/promises'
import { createKeptAnswers, type Database, everyTenant, subjectOfTopic, tenantOfTopic } from '@mairust/db'
import { type DkimKeyRow, findSigningKeys, privateKeyPlace } from '@mairust/db/queries/dkim-key'
import { tenantScope } from '@mairust/db/queries/scope'
import { openVault, OtherMasterKeyError, type Vault } from '@mairust/db/secrets'
import type { Log } from '@mairust/log'
import { BodyHash, signHeader, type SigningKey } from '@mairust/mail-core/auth'

/** A message to sign. */
export interface Unsigned {
  readonly tenantId: string
  /** Whose keys sign, in A-labels: the domain of the From address, or the one of the tenant's that stands for it. */
  readonly domain: string
  /** All of the header that will be sent, with CRLF line ends; the empty line may follow. */
  readonly header: Buffer
  /** What follows the empty line, with CRLF line ends, or its hash, as `BodyHash` gives it. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | { readonly hash: string }
}

/** Signs messages with the keys of our domains. */
export interface MessageSigner {
  /**
   * The DKIM-Signature fields of a message, each with its CRLF, to be put in front of its header; '' when the domain is not active, has no
   * active key, or its header is too large to be verified by anyone. The body is read only if there are keys.
   * @throws Error when the keys or the body cannot be read
   */
  sign(message: Unsigned): Promise<string>
  close(): void
}

interface SignerOptions {
  readonly database: Pick<Database, 'db' | 'changes'>
  /** 32 bytes. */
  readonly masterKey: Buffer
  readonly log: Pick<Log, 'warn'>
  readonly now?: (() => Date) | undefined
}

/** Milliseconds for which keys stay in memory; a change of them drops them at once. */
const KEEP_MS = 60_000
const MAX_DOMAINS = 2000
/** Bytes of a body that are hashed between two rounds of the event loop. */
const PIECE = 256 * 1024

/** Creates a signer that keeps decrypted keys for a minute, and drops them when the domain or its keys change. */
export function createMessageSigner({
  database,
  masterKey,
  log,
  now = () => new Date(),
}: SignerOptions): MessageSigner {
  const vault = openVault(masterKey)
  const kept = createKeptAnswers<readonly SigningKey[]>({ max: MAX_DOMAINS, keepMs: KEEP_MS, now })
  const nameOf = (tenantId: string, domain: string): string => `${tenantId} ${domain}`
  const stop = database.changes.subscribe(everyTenant('domains'), (topic) => {
    const [tenantId, domain] = [tenantOfTopic(topic), subjectOfTopic(topic)]
    if (tenantId === null || domain === null) kept.clear()
    else kept.delete(nameOf(tenantId, domain))
  })

  async function readKeys(tenantId: string, domain: string): Promise<readonly SigningKey[]> {
    const rows = await findSigningKeys(database.db, tenantScope(tenantId), domain)
    return rows.flatMap((row) => openKey(vault, row, domain, log))
  }

  return {
    sign: async ({ tenantId, domain, header, body }) => {
      const keys = await kept.get(nameOf(tenantId, domain), () => readKeys(tenantId, domain))
      if (keys.length === 0) return ''
      return signHeader(header, await hashOf(body), { keys, now: now() })
    },
    close: () => {
      stop()
      kept.clear()
    },
  }
}

/** A key as it signs; none when it was sealed with another master key: mail goes on unsigned, until a job has replaced it. */
function openKey(vault: Vault, row: DkimKeyRow, domain: string, log: Pick<Log, 'warn'>): SigningKey[] {
  const { id, tenantId, selector, algorithm } = row
  try {
    const pem = vault.open(privateKeyPlace(tenantId, id), row.privateKey)
    return [{ domain, selector, algorithm, privateKey: createPrivateKey(pem) }]
  } catch (error) {
    if (!(error instanceof OtherMasterKeyError)) throw error
    log.warn({ domain, selector }, 'A DKIM key was sealed with another master key and cannot sign')
    return []
  }
}

async function hashOf(body: Unsigned['body']): Promise<string> {
  if ('hash' in body) return body.hash
  const hash = new BodyHash()
  if (body instanceof Uint8Array) {
    for (let at = 0; at < body.length; at += PIECE) {
      if (at > 0) await nextRound()
      hash.update(body.subarray(at, at + PIECE))
    }
  } else {
    for await (const chunk of body) hash.update(chunk)
  }
  return hash.digest()
}
