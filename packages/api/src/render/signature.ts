import { createHmac, timingSafeEqual } from 'node:crypto'

/** For whom, and for which message, an address inside a shown message is good. */
export type Grant = { tenantId: string; userId: string; messageId: string; expires: Date }

/** How long the addresses inside a shown message are good. */
export const GRANT_MS = 3_600_000

/**
 * The key that signs the addresses of one grant. It is all that the sanitising worker is given: with it nothing of another
 * message, user or hour can be signed.
 * @param key 32 bytes derived from the master key for this purpose
 */
export function grantKey(key: Buffer, grant: Grant): Buffer {
  return createHmac('sha256', key).update(prefixOf(grant)).digest()
}

/** What an address is: an embedded part by number, or a remote picture by its URL. */
export type Target = { kind: 'cid'; index: number } | { kind: 'image'; url: string }

/** The `sig` of a target: who and until when in clear, then the HMAC over that and the target. */
export function signTarget(keyOfGrant: Buffer, grant: Grant, target: Target): string {
  return `${prefixOf(grant)}.${macOf(keyOfGrant, target)}`
}

/** The grant that a `sig` carries for this target; null when it is malformed, forged or no longer good. */
export function verifyTarget(key: Buffer, sig: string, target: Target, now: Date): Grant | null {
  const [seconds, tenantId, userId, messageId, mac, ...rest] = sig.split('.')
  if (!tenantId || !userId || !messageId || !mac || rest.length > 0 || !/^\d{1,12}$/.test(seconds ?? '')) return null
  const grant = { tenantId, userId, messageId, expires: new Date(Number(seconds) * 1000) }
  const expected = Buffer.from(macOf(grantKey(key, grant), target))
  const given = Buffer.from(mac)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  return grant.expires > now ? grant : null
}

function prefixOf({ tenantId, userId, messageId, expires }: Grant): string {
  return [Math.floor(expires.getTime() / 1000), tenantId, userId, messageId].join('.')
}

function macOf(keyOfGrant: Buffer, target: Target): string {
  const what = target.kind === 'cid' ? String(target.index) : target.url
  return createHmac('sha256', keyOfGrant).update(`${target.kind}\n${what}`).digest('base64url')
}
