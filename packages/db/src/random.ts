import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 4096
const pool = new Uint8Array(POOL_BYTES)
let used = POOL_BYTES

/**
 * Random bytes for ids, `size` of them (at most 4096). Drawn from the system by the page: every accepted message takes dozens of
 * small draws, and each call to the system costs more than the id it is for. Not for secrets.
 */
export function idBytes(size: number): Uint8Array {
  if (used + size > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = pool.slice(used, used + size)
  used += size
  return bytes
}
