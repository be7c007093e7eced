import { z } from 'zod'
import { count } from './kit.ts'

export const dkim = z.strictObject({
  rotate_days: count(
    180,
    0,
    3650,
    'Days after which a domain gets new DKIM keys; 0: only when somebody asks for them. A new key signs when its record is in DNS; until then the old one goes on.',
  ),
})
