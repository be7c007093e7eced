import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 4096
const pool = new Uint8Array(POOL_BYTES)
let used = POOL_BYTES

/**
 * `size` random bytes (at most 4096) for ids. Drawn from the system in blocks: every accepted message needs dozens of small draws,
 * and a system call costs more than the id it is for. Not for secrets.
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
