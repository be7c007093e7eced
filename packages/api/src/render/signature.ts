import { createHmac, timingSafeEqual } from 'node:crypto'

/** For which user and message, and until when, a signed URL in a shown message is valid. */
export type Grant = { tenantId: string; userId: string; messageId: string; expires: Date }

/** How long the signed URLs in a shown message are valid. */
export const GRANT_MS = 3_600_000

/**
 * The key that signs the URLs of one grant. The sanitising worker gets only this key, with which it cannot sign anything for
 * another message, user or time.
 * @param key 32 bytes derived from the master key for this purpose
 */
export function grantKey(key: Buffer, grant: Grant): Buffer {
  return createHmac('sha256', key).update(prefixOf(grant)).digest()
}

/** What a signed URL leads to: a part of the message by index, or a remote image by URL. */
export type Target = { kind: 'cid'; index: number } | { kind: 'image'; url: string }

/** The `sig` parameter for a target: the grant in clear text, then the HMAC over the target. */
export function signTarget(keyOfGrant: Buffer, grant: Grant, target: Target): string {
  return `${prefixOf(grant)}.${macOf(keyOfGrant, target)}`
}

/** The grant in a `sig` parameter for this target; null if it is malformed, forged or expired. */
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
