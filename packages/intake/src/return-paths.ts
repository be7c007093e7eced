import { createHash, hkdfSync } from 'node:crypto'
import type { Config } from '@mairust/config'
import type { ReturnPathSettings } from '@mairust/mail-core/envelope'

const KEY_BYTES = 32
/** Letters that a key is called by. */
const NAMES = 'abcdefghjkmnpqrstvwxyz'

/**
 * How return paths are signed and read: by a key that only this installation can derive. A new master key ends the life of those of the
 * earlier one.
 * @param masterKey 32 bytes
 */
export function returnPathSettings(
  masterKey: Buffer,
  { life_days: lifeDays }: Pick<Config['outbound']['return_paths'], 'life_days'>,
): ReturnPathSettings {
  const secret = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), 'mairust:return-path:v1', KEY_BYTES))
  const [first = 0] = createHash('sha256').update(secret).digest()
  return { keys: [{ id: NAMES.charAt(first % NAMES.length), secret: secret.toString('base64url') }], lifeDays }
}
