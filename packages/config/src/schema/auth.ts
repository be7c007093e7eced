import { z } from 'zod'
import { flag, textList } from './kit.ts'

export const auth = z.strictObject({
  dmarc: z.strictObject({ enforce: flag(true, 'Apply the DMARC policy of the sender’s domain.') }).prefault({}),
  trusted_arc_sealers: textList('Domains whose ARC seals may override a DMARC failure.'),
})
