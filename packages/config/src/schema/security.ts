import { z } from 'zod'

/** 32 bytes in base64, standard or URL-safe, with or without padding. */
export const isMasterKey = (value: string): boolean =>
  /^[\w+/-]{43}=?$/.test(value) && Buffer.from(value, 'base64').length === 32

export const security = z.strictObject({
  master_key: z
    .string()
    .refine(isMasterKey, { error: 'must be 32 bytes in base64; create one with: openssl rand -base64 32' })
    .nullable()
    .default(null)
    .describe(
      'Key that encrypts stored secrets: 32 bytes in base64. When it is not set, it is read from `MAIRUST_MASTER_KEY`, else from `master.key` in `server.data_dir`, which the first start creates.',
    ),
})
