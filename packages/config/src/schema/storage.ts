import { z } from 'zod'
import { chosenBy } from './backend.ts'
import { count, flag, text } from './kit.ts'
import { notYet } from './marks.ts'

const fs = z.strictObject({
  backend: z.literal('fs'),
  options: z
    .strictObject({
      base_path: z
        .string()
        .min(1)
        .default('./data/mail')
        .describe('Folder for the messages. When it is not set, it is `mail` in `server.data_dir`.'),
    })
    .prefault({}),
})

const s3 = z.strictObject({
  backend: z.literal('s3'),
  options: notYet(
    z.preprocess(
      (value: unknown) => value ?? {},
      z.strictObject({
        bucket: z.string().min(1).describe('Bucket for the messages; it must exist.'),
        region: z.string().min(1).default('us-east-1').describe('Region of the bucket.'),
        endpoint: z
          .union([z.literal(''), z.url({ protocol: /^https?$/ })])
          .default('')
          .describe('URL of an S3-compatible service; empty: Amazon.'),
        access_key_id: text('', 'Access key; empty: use the machine’s role.'),
        secret_access_key: text('', 'Secret of the access key.'),
        force_path_style: flag(
          false,
          'Put the bucket into the path instead of the host name, as most S3-compatible services require.',
        ),
        multipart_threshold_mb: count(16, 5, 5120, 'Objects over this size, in MiB, use multipart uploads.'),
        encryption: z
          .enum(['none', 'AES256', 'aws:kms'])
          .default('none')
          .describe('Server-side encryption to request for objects.'),
      }),
    ),
  ),
})

export const storage = chosenBy(
  'storage',
  'fs',
  z.discriminatedUnion('backend', [fs, s3]).describe('Where messages are stored: local files or S3.'),
)
